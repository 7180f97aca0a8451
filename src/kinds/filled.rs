//! The OpenID provider of a provider that is configured.

use external_provider::{Provider, plain_scalar};
use oauth::{AuthMethod, GrantType};

use super::facts::facts;
use super::openid::{KnownOpenId, OpenId};
use super::tenant::Tenant;

/// A [`KnownOpenId`] with its tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIdProvider {
    /// The issuer.
    pub issuer: String,
    /// Whether every token names this issuer. If not, each names that of its user's tenant, and an
    /// application that compares them refuses all.
    pub issuer_is_exact: bool,
    /// Where users log in.
    pub authorization_endpoint: String,
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_endpoint: String,
    /// Where claims are asked for, if it has that.
    pub userinfo_endpoint: Option<String>,
    /// Where tokens are looked up, if it has that.
    pub introspection_endpoint: Option<String>,
    /// As in [`KnownOpenId`].
    pub grant_types: Option<&'static [GrantType]>,
    /// As in [`KnownOpenId`].
    pub auth_methods: Option<&'static [AuthMethod]>,
    /// As in [`KnownOpenId`].
    pub scope: Option<&'static str>,
    /// As in [`KnownOpenId`].
    pub refused_scopes: &'static [&'static str],
}

/// Where an application finds `provider`, if we know it. `None` for a kind that is not
/// [`OpenId::Known`], and if the tenant is not one: nobody could say where such a URL leads.
#[must_use]
pub fn openid_of<S>(provider: &Provider<S>) -> Option<OpenIdProvider> {
    let OpenId::Known(known) = facts(provider.kind()).openid else {
        return None;
    };
    let Provider::Microsoft { tenant, .. } = provider else {
        return Some(filled(&known, "", Some("")));
    };
    let tenant = Tenant::parse(&plain_scalar::meant(tenant))?;
    Some(filled(&known, tenant.word(), tenant.issuing_id()))
}

/// `known` with `tenant`. The issuer has `issuing_id` in its place, which every token has there.
fn filled(known: &KnownOpenId, tenant: &str, issuing_id: Option<&str>) -> OpenIdProvider {
    let at = |template: &str| template.replace("{tenant}", tenant);
    let issuing = issuing_id.unwrap_or(tenant);
    OpenIdProvider {
        issuer: known.issuer.replace("{tenant}", issuing),
        issuer_is_exact: issuing_id.is_some(),
        authorization_endpoint: at(known.authorization_endpoint),
        token_endpoint: at(known.token_endpoint),
        jwks_endpoint: at(known.jwks_endpoint),
        userinfo_endpoint: known.userinfo_endpoint.map(at),
        introspection_endpoint: known.introspection_endpoint.map(at),
        grant_types: known.grant_types,
        auth_methods: known.auth_methods,
        scope: known.scope,
        refused_scopes: known.refused_scopes,
    }
}

#[cfg(test)]
mod tests {
    use external_provider::{Client, Kind, Shape};

    use super::*;

    /// A provider of `kind`, which has `tenant` if its kind has one.
    fn provider(kind: Kind, tenant: &str) -> Provider<()> {
        let client = Client {
            client_id: "id".to_owned(),
            id: "corp".to_owned(),
            label: "Corp".to_owned(),
            scope: "openid".to_owned(),
            jsonnet_mapper: None,
            mapper_url: None,
        };
        let client_secret = ();
        match kind.shape() {
            Shape::Generic => Provider::Generic {
                kind,
                client,
                client_secret,
                issuer_url: "https://idp.example.com".to_owned(),
            },
            Shape::Social => Provider::Social {
                kind,
                client,
                client_secret,
            },
            Shape::Github => Provider::Github {
                client,
                client_secret,
            },
            Shape::Microsoft => Provider::Microsoft {
                client,
                client_secret,
                tenant: tenant.to_owned(),
            },
            Shape::Apple => Provider::Apple {
                client,
                team_id: "team".to_owned(),
                private_key_id: "key".to_owned(),
                private_key: (),
            },
        }
    }

    #[test]
    fn what_is_known_is_filled_in_and_nothing_else() {
        for kind in Kind::ALL {
            let openid = openid_of(&provider(*kind, "common"));
            let OpenId::Known(known) = facts(*kind).openid else {
                assert_eq!(openid, None, "{kind:?}");
                continue;
            };
            let openid = openid.unwrap();
            assert_eq!(openid.grant_types, known.grant_types, "{kind:?}");
            assert_eq!(openid.auth_methods, known.auth_methods, "{kind:?}");
            assert!(!format!("{openid:?}").contains("{tenant}"), "{kind:?}");
            if *kind != Kind::Microsoft {
                let same = filled(&known, "unused", Some("unused"));
                assert_eq!(openid, same, "{kind:?}");
            }
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_tenant_is_in_every_url_and_its_id_in_the_issuer() {
        struct Case {
            name: &'static str,
            tenant: &'static str,
            /// In endpoints, in the issuer, and whether that is in every token.
            is: Option<(&'static str, &'static str, bool)>,
        }

        const ID: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
        const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
        const DOMAIN: &str = "contoso.onmicrosoft.com";
        for Case { name, tenant, is } in [
            Case {
                name: "an id",
                tenant: ID,
                is: Some((ID, ID, true)),
            },
            Case {
                name: "an id in capitals",
                tenant: "8EAEF023-2B34-4DA1-9BAA-8BC8C9D6A490",
                is: Some((ID, ID, true)),
            },
            Case {
                name: "an id in quotes and white space",
                tenant: " \"8eaef023-2b34-4da1-9baa-8bc8c9d6a490\"\n",
                is: Some((ID, ID, true)),
            },
            Case {
                name: "the id of personal accounts",
                tenant: PERSONAL,
                is: Some((PERSONAL, PERSONAL, true)),
            },
            Case {
                name: "personal accounts",
                tenant: "consumers",
                is: Some(("consumers", PERSONAL, true)),
            },
            Case {
                name: "all accounts",
                tenant: "common",
                is: Some(("common", "common", false)),
            },
            Case {
                name: "accounts of all organizations",
                tenant: "organizations",
                is: Some(("organizations", "organizations", false)),
            },
            Case {
                name: "a domain",
                tenant: DOMAIN,
                is: Some((DOMAIN, DOMAIN, false)),
            },
            Case {
                name: "another word",
                tenant: "contoso",
                is: None,
            },
            Case {
                name: "a word in capitals",
                tenant: "Common",
                is: None,
            },
            Case {
                name: "nothing",
                tenant: "",
                is: None,
            },
            Case {
                name: "a path",
                tenant: "contoso.com/x",
                is: None,
            },
            Case {
                name: "a way up",
                tenant: "..",
                is: None,
            },
            Case {
                name: "a query",
                tenant: "contoso.com?x",
                is: None,
            },
            Case {
                name: "a fragment",
                tenant: "contoso.com#x",
                is: None,
            },
            Case {
                name: "an escape",
                tenant: "contoso%2e.com",
                is: None,
            },
            Case {
                name: "a space",
                tenant: "contoso .com",
                is: None,
            },
            Case {
                name: "a line break",
                tenant: "contoso.com\nx.com",
                is: None,
            },
            Case {
                name: "another alphabet",
                tenant: "contoso.cöm",
                is: None,
            },
            Case {
                name: "the template",
                tenant: "{tenant}",
                is: None,
            },
            Case {
                name: "too short for an id",
                tenant: "8eaef023-2b34-4da1-9baa-8bc8c9d6a49",
                is: None,
            },
        ] {
            let expected = is.map(|(tenant, issuing, is_exact)| {
                let at = |path: &str| format!("https://login.microsoftonline.com/{tenant}/{path}");
                (
                    format!("https://login.microsoftonline.com/{issuing}/v2.0"),
                    is_exact,
                    at("oauth2/v2.0/authorize"),
                    at("oauth2/v2.0/token"),
                    at("discovery/v2.0/keys"),
                )
            });
            let openid = openid_of(&provider(Kind::Microsoft, tenant)).map(|openid| {
                (
                    openid.issuer,
                    openid.issuer_is_exact,
                    openid.authorization_endpoint,
                    openid.token_endpoint,
                    openid.jwks_endpoint,
                )
            });
            assert_eq!(openid, expected, "{name}");
        }
    }
}
