//! The story of the README, played by the built charm: deploy, configure, integrate with a stand-in
//! for Charmed Kratos, ask for the redirect URI; then with an identity provider of its own: ask it
//! whether logins can work, with a wrong secret and with the right one, and log in.
//!
//! `cargo demo` runs it, and `cargo demo --keep` leaves the model and the charms. It prints each command before its output; the commands are those of `juju`
//! but for the name.

use std::error::Error;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use minimal_op::{Client, Config, Dialect, Server, User};

/// What is registered at the identity provider of the demo.
const SECRET: &str = "the-secret-of-the-client";
const REDIRECT_URI: &str = "https://iam.example.com/self-service/methods/oidc/callback/corp";

/// A command, after what it is for.
type Scene<'a> = (&'a str, &'a [&'a str]);

/// From nothing to a redirect URI.
const DEPLOYMENT: [Scene<'_>; 8] = [
    (
        "A fresh application is blocked, and says what it needs.",
        &["deploy", "./kratos-external-idp-integrator", "idp"],
    ),
    ("", &["status"]),
    (
        "Kratos is here already, under a URL that users reach.",
        &[
            "deploy",
            "./kratos",
            "kratos",
            "--config",
            "public-url=https://iam.example.com",
        ],
    ),
    (
        "Give the charm the OAuth client that you registered at the provider.",
        &[
            "config",
            "idp",
            "provider=google",
            "client_id=1234.apps.googleusercontent.com",
            "client_secret=GOCSPX-example",
            "label=Google",
        ],
    ),
    ("", &["status"]),
    ("Integrate it with Kratos.", &["integrate", "idp", "kratos"]),
    ("", &["status"]),
    (
        "The redirect URI is what to register at the provider.",
        &["run", "idp/0", "get-redirect-uri"],
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let keeps = match env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [option] if option == "--keep" => true,
        other => return Err(format!("not an option of the demo: {}", other.join(" ")).into()),
    };
    let built = build()?;
    if keeps {
        let folder = built.with_file_name("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        tell(&folder, &built)?;
        say_how_to_go_on(&folder, &built);
        return Ok(());
    }
    tell(tempfile::tempdir()?.path(), &built)
}

/// Tells the story in a folder.
fn tell(folder: &Path, built: &Path) -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    stage(
        &folder.join(env!("CARGO_PKG_NAME")),
        &built.join(env!("CARGO_PKG_NAME")),
        &["metadata.yaml", "config.yaml", "actions.yaml"].map(|file| root.join(file)),
    )?;
    stage(
        &folder.join("kratos"),
        &built.join("examples/requirer"),
        &["metadata.yaml", "config.yaml", "actions.yaml"]
            .map(|file| root.join("examples/requirer").join(file)),
    )?;
    let sandbox = built.join("juju-sandbox");
    for (why, arguments) in DEPLOYMENT {
        play(folder, &sandbox, why, arguments)?;
    }
    let provider = provider()?;
    let issuer = format!("issuer_url={}", provider.issuer());
    let right = format!("client_secret={SECRET}");
    let scenes: [Scene<'_>; 6] = [
        (
            "An identity provider of our own is here now. The secret is mistyped.",
            &[
                "config",
                "idp",
                "provider=generic",
                &issuer,
                "client_id=corp",
                "client_secret=the-sceret-of-the-client",
                "provider_id=corp",
                "label=Corp",
                "scope=profile email",
            ],
        ),
        (
            "Nothing but the provider knows that. Ask it, before a user does.",
            &["run", "idp/0", "check-provider"],
        ),
        ("Do what it says.", &["config", "idp", &right]),
        (
            "And for a proof: does the provider tell a wrong secret from this one?",
            &["run", "idp/0", "check-provider", "control=true"],
        ),
        ("Everything is good.", &["status"]),
        (
            "So a user can log in. This is what Kratos learns of her.",
            &["run", "kratos/0", "log-in", "username=alice"],
        ),
    ];
    for (why, arguments) in scenes {
        play(folder, &sandbox, why, arguments)?;
    }
    Ok(())
}

/// Prints where everything is, and what can be done with it.
#[expect(clippy::print_stdout, reason = "the demo is there to be read")]
fn say_how_to_go_on(folder: &Path, built: &Path) {
    let sandbox = built.join("juju-sandbox");
    println!("\n# All this stays, but for the identity provider of the demo. Go on with it:");
    println!("$ cd {}", folder.display());
    for command in [
        "status",
        "config idp client_id=other",
        "run idp/0 validate-config",
        "help",
    ] {
        println!("$ {} {command}", sandbox.display());
    }
}

/// An identity provider on loopback, which knows the client `corp` and the user `alice`. It says
/// whether it knows a redirect URI.
fn provider() -> Result<Server, Box<dyn Error>> {
    Ok(Server::start(Config {
        clients: vec![Client::new("corp", SECRET, REDIRECT_URI)],
        users: vec![User {
            username: "alice".into(),
            name: Some("Alice Example".into()),
            email: Some("alice@example.com".into()),
            ..User::default()
        }],
        dialect: Dialect::PromptNone,
        ..Config::default()
    })?)
}

/// Builds everything that the story needs, and says where it is.
#[expect(clippy::disallowed_methods, reason = "the demo starts what it shows")]
fn build() -> Result<PathBuf, Box<dyn Error>> {
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--locked",
            "--workspace",
            "--bins",
            "--example",
            "requirer",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if !status.success() {
        return Err("the charm does not build".into());
    }
    // This program is examples/demo beside them.
    let examples = env::current_exe()?;
    Ok(examples
        .ancestors()
        .nth(2)
        .ok_or("this program has no folder")?
        .to_owned())
}

/// Makes a charm's folder: its YAML files, and `dispatch`.
fn stage(charm: &Path, dispatch: &Path, files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    fs::create_dir(charm)?;
    symlink(dispatch, charm.join("dispatch"))?;
    for file in files {
        fs::copy(
            file,
            charm.join(file.file_name().ok_or("a file without a name")?),
        )?;
    }
    Ok(())
}

/// Prints one command, runs it, and stops the story if it fails.
#[expect(clippy::disallowed_methods, reason = "the demo starts what it shows")]
#[expect(clippy::print_stdout, reason = "the demo is there to be read")]
fn play(
    folder: &Path,
    sandbox: &Path,
    why: &str,
    arguments: &[&str],
) -> Result<(), Box<dyn Error>> {
    if !why.is_empty() {
        println!("\n# {why}");
    }
    println!("$ juju-sandbox {}", arguments.join(" "));
    let status = Command::new(sandbox)
        .args(arguments)
        .current_dir(folder)
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err("the command failed".into())
    }
}
