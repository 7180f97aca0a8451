//! Clients and users from a file, and from arguments.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::redemption::ClientAuth;
use crate::registry::{Client, User};
use crate::secret::Digest;

/// Who is known, as a file has it, in YAML or in JSON:
///
/// ```yaml
/// clients:
///   - id: corp
///     secret: the client's secret
///     return_uri: https://iam.example.com/self-service/methods/oidc/callback/corp
/// users:
///   - username: alice
///     password: hers, or nothing
///     name: Alice Example
///     email: alice@example.com
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// The clients that may ask for logins.
    #[serde(default)]
    pub clients: Vec<Client>,
    /// Who can log in.
    #[serde(default)]
    pub users: Vec<User>,
}

/// A file or an argument cannot be used. It never shows what may be a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The parser's words are left out: they would quote what it found, which may be a secret.
    #[error("{path} is not understood at line {line}, column {column}")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// The line, from 1 on; 0, if the parser does not say.
        line: usize,
        /// The column, from 1 on; 0, if the parser does not say.
        column: usize,
    },
    /// Two clients or two users have the same name.
    #[error("{0:?} is there twice")]
    Twice(String),
    /// The argument is no list of `key=value`, or one of the keys is not known. The value is left
    /// out: people do put secrets there.
    #[error("{argument}: {key:?} is not one of {known}")]
    Key {
        /// Which argument.
        argument: &'static str,
        /// What stands before the `=`, or nothing.
        key: String,
        /// The keys that it can have.
        known: &'static str,
    },
    /// The argument lacks what it must have.
    #[error("{argument} lacks {key}")]
    Missing {
        /// Which argument.
        argument: &'static str,
        /// What it lacks.
        key: &'static str,
    },
    /// A value is not one of those that there are.
    #[error("{argument}: {key} is one of {known}")]
    Value {
        /// Which argument.
        argument: &'static str,
        /// Which key.
        key: &'static str,
        /// The values that it can have.
        known: &'static str,
    },
}

/// Reads a file that holds a secret: the line break at its end, if there is one, is none of it.
fn secret_file(path: &str) -> Result<Digest, ConfigError> {
    let text = read(Path::new(path))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Digest::of(text.strip_suffix('\r').unwrap_or(text)))
}

fn read(path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })?;
    Ok(Zeroizing::new(text))
}

/// Reads `key=value,key=value`, which cannot have a comma in a value.
fn pairs<'a>(
    argument: &'static str,
    text: &'a str,
    known: &'static str,
) -> Result<Vec<(&'a str, &'a str)>, ConfigError> {
    let mut pairs = Vec::new();
    for pair in text.split(',') {
        let (key, value) = pair.split_once('=').unwrap_or_default();
        if !known.split(", ").any(|known| known == key) {
            return Err(ConfigError::Key {
                argument,
                key: key.to_owned(),
                known,
            });
        }
        pairs.push((key, value));
    }
    Ok(pairs)
}

impl ConfigFile {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is not of this form.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read(path)?;
        serde_yaml::from_str(&text).map_err(|error| {
            let place = error.location();
            ConfigError::Parse {
                path: path.to_owned(),
                line: place.as_ref().map_or(0, serde_yaml::Location::line),
                column: place.as_ref().map_or(0, serde_yaml::Location::column),
            }
        })
    }

    /// Adds the client that an argument describes:
    /// `id=corp,secret-file=corp.secret,return-uri=https://…`. The secret is in a file, because
    /// everybody on the machine can see arguments.
    ///
    /// # Errors
    ///
    /// The argument is not of this form, or the file cannot be read.
    pub fn add_client(&mut self, text: &str) -> Result<(), ConfigError> {
        let argument = "--client";
        let known = "id, secret-file, return-uri, auth-method";
        let pairs = pairs(argument, text, known)?;
        let value = |key| {
            let mut pairs = pairs.iter().filter(|(other, _)| *other == key);
            let pair = pairs.next().ok_or(ConfigError::Missing { argument, key })?;
            Ok(pair.1)
        };
        let auth = match value("auth-method") {
            Err(_) | Ok("client_secret_basic") => ClientAuth::Basic,
            Ok("client_secret_post") => ClientAuth::Body,
            Ok(_) => {
                let (key, known) = ("auth-method", "client_secret_basic, client_secret_post");
                return Err(ConfigError::Value {
                    argument,
                    key,
                    known,
                });
            }
        };
        self.clients.push(Client {
            id: value("id")?.to_owned(),
            secret: secret_file(value("secret-file")?)?,
            return_uri: value("return-uri")?.to_owned(),
            auth,
        });
        Ok(())
    }

    /// Adds the user that an argument describes: `username=alice,email=alice@example.com`.
    ///
    /// # Errors
    ///
    /// The argument is not of this form, or the file with the password cannot be read.
    pub fn add_user(&mut self, text: &str) -> Result<(), ConfigError> {
        let argument = "--user";
        let known = "username, password-file, name, email, email-verified, data-rights";
        let mut user = User::default();
        for (key, value) in pairs(argument, text, known)? {
            let owned = value.to_owned();
            match key {
                "username" => user.username = owned,
                "password-file" => user.password = Some(secret_file(value)?),
                "name" => user.name = Some(owned),
                "email" => user.email = Some(owned),
                "email-verified" => {
                    let (key, known) = ("email-verified", "true, false");
                    let wrong = |_| ConfigError::Value {
                        argument,
                        key,
                        known,
                    };
                    user.email_verified = Some(value.parse().map_err(wrong)?);
                }
                _ => user.data_rights = Some(owned),
            }
        }
        if user.username.is_empty() {
            let key = "username";
            return Err(ConfigError::Missing { argument, key });
        }
        self.users.push(user);
        Ok(())
    }

    /// Refuses names that are there twice: the second could never be meant.
    ///
    /// # Errors
    ///
    /// Two clients have the same id, or two users the same name.
    pub fn check(&self) -> Result<(), ConfigError> {
        let ids = self.clients.iter().map(|client| client.id.as_str());
        let names = self.users.iter().map(|user| user.username.as_str());
        for mut names in [ids.collect::<Vec<_>>(), names.collect()] {
            names.sort_unstable();
            if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(ConfigError::Twice(pair[0].to_owned()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_shows_a_value() {
        struct Case {
            name: &'static str,
            text: &'static str,
        }
        let cases = [
            Case {
                name: "a list where the secret should be",
                text: "clients: [{id: a, secret: [hunter2], return_uri: b}]",
            },
            Case {
                name: "a text where a list should be",
                text: "clients: hunter2",
            },
            Case {
                name: "a key that is a value",
                text: "hunter2: {}",
            },
            Case {
                name: "no YAML",
                text: "hunter2: [",
            },
        ];
        let folder = tempfile::tempdir().unwrap();
        for Case { name, text } in cases {
            let path = folder.path().join("config.yaml");
            fs::write(&path, text).unwrap();
            let error = ConfigFile::read(&path).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hunter2"), "{name}: {shown}");
        }
        let mut config = ConfigFile::default();
        let error = config.add_client("id=a,secret=hunter2").unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn arguments_describe_clients_and_users() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        fs::write(&file, "hunter2\n").unwrap();
        let file = file.to_str().unwrap();
        let mut config = ConfigFile::default();
        let client = format!("id=a,secret-file={file},return-uri=https://a.example/b?c=d");
        config.add_client(&client).unwrap();
        let user = format!("username=alice,password-file={file},email=a@b,email-verified=true");
        config.add_user(&user).unwrap();
        let (client, user) = (&config.clients[0], &config.users[0]);
        assert_eq!(
            (client.id.as_str(), client.return_uri.as_str()),
            ("a", "https://a.example/b?c=d")
        );
        assert!(client.secret.is_of("hunter2"));
        assert!(user.password.unwrap().is_of("hunter2"));
        assert_eq!(
            (user.email.as_deref(), user.email_verified),
            (Some("a@b"), Some(true))
        );
        assert!(config.check().is_ok());
    }

    #[test]
    fn arguments_that_are_not_understood_say_why() {
        struct Case {
            argument: &'static str,
            refusal: &'static str,
        }
        let clients = [
            Case {
                argument: "id=a,return-uri=b",
                refusal: "--client lacks secret-file",
            },
            Case {
                argument: "id=a,secret=b",
                refusal: "--client: \"secret\" is not one of id, secret-file, return-uri, \
                          auth-method",
            },
            Case {
                argument: "a",
                refusal: "--client: \"\" is not one of id, secret-file, return-uri, auth-method",
            },
            Case {
                argument: "id=a,auth-method=none",
                refusal: "--client: auth-method is one of client_secret_basic, client_secret_post",
            },
            Case {
                argument: "id=a,secret-file=/nowhere,return-uri=b",
                refusal: "cannot read /nowhere",
            },
        ];
        for Case { argument, refusal } in clients {
            let error = ConfigFile::default().add_client(argument).unwrap_err();
            assert_eq!(error.to_string(), refusal, "{argument}");
        }
        let users = [
            Case {
                argument: "name=a",
                refusal: "--user lacks username",
            },
            Case {
                argument: "username=a,email-verified=yes",
                refusal: "--user: email-verified is one of true, false",
            },
        ];
        for Case { argument, refusal } in users {
            let error = ConfigFile::default().add_user(argument).unwrap_err();
            assert_eq!(error.to_string(), refusal, "{argument}");
        }
        let mut twice = ConfigFile::default();
        twice.add_user("username=a").unwrap();
        twice.add_user("username=a").unwrap();
        assert_eq!(
            twice.check().unwrap_err().to_string(),
            "\"a\" is there twice"
        );
    }
}
