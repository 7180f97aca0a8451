//! Which provider an application has the client of.

use external_provider::{Settings, plain_scalar};

use crate::kinds::{OpenId, facts};

/// Whether `settings` are those of the provider whose `client` and `issuer` an application has. The
/// id of a client is one only together with whoever gave it.
#[must_use]
pub fn is_of(settings: &Settings, client: &str, issuer: &str) -> bool {
    let meant = |option: &Option<String>| {
        let text = option.as_deref().map(plain_scalar::meant);
        text.unwrap_or_default().into_owned()
    };
    let Some(kind) = settings.kind() else {
        return false;
    };
    let is_its_issuer = match facts(kind).openid {
        OpenId::Unavailable => false,
        OpenId::Configured => {
            let issuers = [&meant(&settings.issuer_url), issuer];
            let [own, other] = issuers.map(|one| one.trim_end_matches('/'));
            own == other
        }
        OpenId::Known(known) => {
            // Whatever the tenant: it does not make another client.
            let before = known.issuer.split("{tenant}").next();
            before.is_some_and(|before| issuer.starts_with(before))
        }
    };
    is_its_issuer && meant(&settings.client_id) == client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_known_by_its_id_and_its_issuer() {
        struct Case {
            name: &'static str,
            provider: &'static str,
            client: &'static str,
            issuer: &'static str,
            is_of: bool,
        }

        let okta = "https://okta.example.com";
        for Case {
            name,
            provider,
            client,
            issuer,
            is_of: expected,
        } in [
            Case {
                name: "both",
                provider: "generic",
                client: "c",
                issuer: okta,
                is_of: true,
            },
            Case {
                name: "a slash more",
                provider: "auth0",
                client: "c",
                issuer: "https://okta.example.com/",
                is_of: true,
            },
            Case {
                name: "the same id at another provider",
                provider: "generic",
                client: "c",
                issuer: "https://kc.example.com",
                is_of: false,
            },
            Case {
                name: "another client",
                provider: "generic",
                client: "d",
                issuer: okta,
                is_of: false,
            },
            Case {
                name: "a fixed issuer",
                provider: "google",
                client: "c",
                issuer: "https://accounts.google.com",
                is_of: true,
            },
            Case {
                name: "any tenant",
                provider: "microsoft",
                client: "c",
                issuer: "https://login.microsoftonline.com/x/v2.0",
                is_of: true,
            },
            Case {
                name: "a kind without OpenID Connect",
                provider: "github",
                client: "c",
                issuer: okta,
                is_of: false,
            },
            Case {
                name: "an unknown kind",
                provider: "x",
                client: "c",
                issuer: okta,
                is_of: false,
            },
        ] {
            let settings = Settings {
                provider: Some(provider.into()),
                client_id: Some("c".into()),
                issuer_url: Some(okta.into()),
                ..Settings::default()
            };
            assert_eq!(is_of(&settings, client, issuer), expected, "{name}");
        }
    }
}
