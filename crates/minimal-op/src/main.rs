//! The program `minimal-op`: the provider for who has no test to start it from.

use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand};
use minimal_op::{Config, ConfigFile, Dialect, Server, SigningKey, SqliteStore};
use zeroize::Zeroizing;

/// A small OpenID provider for tests and demos. It is not safe for anything else.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Listen, print the issuer in one line, and answer until the process is stopped.
    Serve(Box<Serve>),
}

#[derive(Debug, Args)]
struct Serve {
    /// Where to listen; port 0 is any free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Listen even where other machines reach it.
    #[arg(long)]
    listen_anywhere: bool,
    /// Clients and users, in YAML or JSON.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One more client: id=ID,secret-file=FILE,return-uri=URI[,auth-method=METHOD]. The secret is in
    /// a file, because everybody on the machine can see arguments.
    #[arg(long, value_name = "KEY=VALUE,…")]
    client: Vec<String>,
    /// One more user: username=NAME[,password-file=FILE][,name=NAME][,email=EMAIL]
    /// [,email-verified=true|false][,data-rights=RIGHTS]. Without a password, the name is enough.
    #[arg(long, value_name = "KEY=VALUE,…")]
    user: Vec<String>,
    /// The issuer, if it is not http:// and the address.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Whose ways to have.
    #[arg(long, value_name = "NAME", default_value = "gafaelfawr", value_parser = dialects())]
    dialect: Dialect,
    /// Keep codes, tokens and sessions in this file of SQLite; otherwise they end with the process.
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// Sign with this RSA key in PEM; otherwise with one that ends with the process.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// The names of the dialects, with what is special about them for `--help`.
fn dialects() -> impl clap::builder::TypedValueParser<Value = Dialect> {
    let values = Dialect::all().map(|dialect| {
        let value = PossibleValue::new(dialect.name());
        value.help(dialect.about())
    });
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Dialect>())
}

fn serve(arguments: Serve) -> Result<(), Box<dyn Error>> {
    let mut known = match &arguments.config {
        Some(path) => ConfigFile::read(path)?,
        None => ConfigFile::default(),
    };
    for client in &arguments.client {
        known.add_client(client)?;
    }
    for user in &arguments.user {
        known.add_user(user)?;
    }
    known.check()?;
    let mut config = Config {
        listen: arguments.listen,
        listen_anywhere: arguments.listen_anywhere,
        issuer: arguments.issuer,
        clients: known.clients,
        users: known.users,
        dialect: arguments.dialect,
        keep_requests: false,
        ..Config::default()
    };
    if let Some(path) = &arguments.key {
        let pem = fs::read_to_string(path).map(Zeroizing::new);
        let pem = pem.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        config.key = Some(Arc::new(SigningKey::from_pem(&pem)?));
    }
    if let Some(path) = &arguments.database {
        config.store = Arc::new(SqliteStore::open(path)?);
    }
    let server = Server::start(config)?;
    let address = server.address();
    tracing::warn!("listening on {address}: this provider is for tests and demos only");
    // Who started the program waits for this line.
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", server.issuer())?;
    stdout.flush()?;
    drop(stdout);
    server.wait();
    Ok(())
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .without_time()
        .with_target(false)
        .with_ansi(false)
        .init();
    let Cli { command } = Cli::parse();
    let Command::Serve(arguments) = command;
    match serve(*arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut causes = vec![error.to_string()];
            let mut cause = error.source();
            while let Some(next) = cause {
                causes.push(next.to_string());
                cause = next.source();
            }
            tracing::error!("{}", causes.join(": "));
            ExitCode::FAILURE
        }
    }
}
