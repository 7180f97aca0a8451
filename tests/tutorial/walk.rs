//! Following the tutorial.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::browser::{Browser, parameter};
use crate::{blocks, command, free_port, pictures, read, root, target, variable};

/// What is on a page below a heading.
fn section(page: &str, heading: &str) -> String {
    let page = read(page);
    let (_, below) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    below.split("\n## ").next().unwrap().to_owned()
}

/// The text, with the folder where cargo builds here.
fn built_here(text: &str) -> String {
    text.replace("$PWD/target", &target().display().to_string())
}

/// Starts a shell that runs `script` in the repository, with a home of its own. What it prints goes
/// into a file there.
fn shell(script: &str, home: &Path) -> Child {
    let printed = fs::File::create(home.join("printed")).unwrap();
    let real_home = PathBuf::from(variable("HOME").unwrap());
    let tool = |name: &str, folder: &str| {
        variable(name).unwrap_or_else(|| real_home.join(folder).into_os_string())
    };
    command("bash")
        .args(["-c", script])
        .current_dir(root())
        .env("HOME", home)
        .env("CARGO_HOME", tool("CARGO_HOME", ".cargo"))
        .env("RUSTUP_HOME", tool("RUSTUP_HOME", ".rustup"))
        .env("CARGO_TARGET_DIR", target())
        .stdin(Stdio::null())
        .stderr(printed.try_clone().unwrap())
        .stdout(printed)
        .spawn()
        .unwrap()
}

#[test]
fn the_tutorial_leads_to_a_login() {
    let home = tempfile::tempdir().unwrap();
    let (provider, kratos) = (free_port(), free_port());
    // As it stands, but that these ports may be in use here, and cargo may build elsewhere.
    let here = |text: &str| {
        built_here(text)
            .replace("127.0.0.1:5556", &format!("127.0.0.1:{provider}"))
            .replace("127.0.0.1:4433", &format!("127.0.0.1:{kratos}"))
    };
    let part = here(&section("docs/tutorial.md", "On your machine"));
    // A person does not leave a provider behind, and waits until it is there.
    let listens = format!("until (: </dev/tcp/127.0.0.1/{provider}) 2>&-; do sleep 0.1; done");
    let script = blocks(&part, "shell")
        .join("\n")
        .replace(" &\n", &format!(" &\n{listens}\n"));
    let script = format!("set -euo pipefail; trap 'kill $(jobs -p) 2>&- || true' EXIT\n{script}");
    let mut shell = shell(&script, home.path());
    let printed = || fs::read_to_string(home.path().join("printed")).unwrap();

    let mut browser = Browser::new();
    let url = format!("http://127.0.0.1:{kratos}/");
    let page = loop {
        if let Some((_, page)) = browser.open(&url) {
            break page;
        }
        let ended = shell.try_wait().unwrap();
        assert!(ended.is_none(), "it ends too early: {}", printed());
        thread::sleep(Duration::from_millis(100));
    };
    pictures::compare("login.html", &page);
    let button = "<button name=\"provider\" value=\"corp\">Sign in with Corp</button>";
    assert!(page.contains(button), "{page}");
    let login = format!("{url}login?provider=corp");
    let (asked, page) = browser.open(&login).unwrap();
    assert!(page.contains("<button>Log in</button>"), "{page}");
    let answer = [("rd", &*parameter(&asked, "rd")), ("username", "alice")];
    let (_, page) = browser.send(asked.split('?').next().unwrap(), answer);
    assert!(page.contains("<h1>Logged in</h1>"), "{page}");
    assert!(page.contains("alice@example.com"), "{page}");

    let status = shell.wait().unwrap();
    let printed = printed();
    assert!(status.success(), "{printed}");
    let mut seen = 0;
    for line in blocks(&part, "text").iter().flat_map(|block| block.lines()) {
        assert!(printed.contains(line.trim()), "{line}: {printed}");
        seen += 1;
    }
    assert!(seen > 5, "{seen} lines are shown");
    let left = home.path().join("idp-tutorial");
    assert!(!left.exists(), "it leaves nothing behind");
}

/// The commands for a real Juju, given to the sandbox, which is called `juju` there.
#[test]
fn the_commands_for_juju_work_in_the_sandbox() {
    // Its first block builds the programs, and puts the two charms into folders.
    let prepared = &blocks(&section("docs/tutorial.md", "On your machine"), "shell")[0];
    let prepared = built_here(prepared);
    for (page, heading, id, client_id, seen) in [
        (
            "README.md",
            "Deploy it",
            "'<the secret:... that add-secret printed>'",
            "1234.apps.googleusercontent.com",
            ["redirect-uri: https://iam.example.com/self-service/methods/oidc/callback/google"; 3],
        ),
        (
            "docs/tutorial.md",
            "With Entra ID and Charmed Kratos",
            "'secret:<id>'",
            "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
            [
                "redirect-uri: https://iam.example.com/self-service/methods/oidc/callback/entra",
                "Missing integration kratos-external-idp",
                "Invalid OIDC provider configuration: client_id: not set",
            ],
        ),
    ] {
        let home = tempfile::tempdir().unwrap();
        let text = section(page, heading);
        let commands = blocks(&text, "shell").join("\njuju status idp\n");
        assert!(commands.contains(id), "{page}");
        let commands: Vec<_> = commands
            .replace(id, "$id")
            .replace(
                "./kratos-external-idp-integrator_ubuntu@24.04-amd64.charm",
                "./idp",
            )
            .replace("'<client id>'", client_id)
            .replace("'<tenant id>'", "72f988bf-86f1-41af-91ab-2d7cd011db47")
            .lines()
            // There is no packing here, and no network.
            .filter(|line| *line != "charmcraft pack" && !line.contains(" check-provider "))
            .map(|line| match line.strip_prefix("juju add-secret ") {
                Some(rest) => format!("id=$(juju add-secret {rest})"),
                None => line.to_owned(),
            })
            .collect();
        let commands = commands.join("\n");
        let script = format!(
            "set -euo pipefail\n{prepared}\nln -s \"$(command -v juju-sandbox)\" juju\n\
             export PATH=\"$PWD:$PATH\"\n\
             juju deploy ./kratos kratos --config public-url=https://iam.example.com\n\
             {commands}\njuju status idp\n"
        );
        let status = shell(&script, home.path()).wait().unwrap();
        let printed = fs::read_to_string(home.path().join("printed")).unwrap();
        assert!(status.success(), "{page}: {printed}");
        for line in seen.iter().chain([&"The OIDC provider is ready"]) {
            assert!(printed.contains(line), "{page}: {line}: {printed}");
        }
    }
}
