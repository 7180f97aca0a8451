//! Configurations from public reports, as the built binary judges them. Each stands for its
//! kind; the numbers are those of the collection that they are from.

use serde_json::{Value, json};

use crate::support::{APPLE_KEY, charm, stdout};

/// A configuration, and one finding that there has to be; or none at all.
struct Case {
    name: &'static str,
    options: Value,
    /// The code, its severity, and a part of the fix.
    finds: Option<(&'static str, &'static str, &'static str)>,
}

fn findings(options: &Value, args: &[&str]) -> Vec<Value> {
    let args = [&["validate", "--format", "json", "-"], args].concat();
    let output = charm(&args, &json!({ "idp": options }).to_string());
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    report["findings"].as_array().unwrap().clone()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_people_got_wrong_is_found() {
    let generic = |issuer: &str| {
        json!({
            "provider": "generic",
            "client_id": "kratos",
            "client_secret": "exampl3-secr3t",
            "scope": "openid profile email",
            "issuer_url": issuer,
        })
    };
    let google = |option: &str, value: &str| {
        let mut options = json!({
            "provider": "google",
            "client_id": "123-abc.apps.googleusercontent.com",
            "client_secret": "GOCSPX-example",
            "scope": "openid email",
        });
        options[option] = value.into();
        options
    };
    let microsoft = |client_id: &str, tenant: &str| {
        json!({
            "provider": "microsoft",
            "client_id": client_id,
            "client_secret": "abc8Q~exampleexample",
            "scope": "openid profile email",
            "microsoft_tenant_id": tenant,
        })
    };
    let kind = |kind: &str, scope: &str| {
        let mut options = json!({ "provider": kind, "client_id": "x", "client_secret": "y-z" });
        if !scope.is_empty() {
            options["scope"] = scope.into();
        }
        options
    };
    let guid = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    let with = |mut options: Value, option: &str, value: &str| {
        options[option] = value.into();
        options
    };
    let (id, tenant) = ("8eaef023-2b34-4da1-9baa-8bc8c9d6a490", guid);
    for Case {
        name,
        options,
        finds,
    } in [
        Case {
            name: "W03: a secret's id without secret:",
            options: google("client_secret", "d0erdgfmp25c762i8np0"),
            finds: Some((
                "secret-looks-like-id",
                "note",
                "client_secret='secret:<id>'",
            )),
        },
        Case {
            name: "W05: a secret's name",
            options: google("client_secret", "secret:google-client"),
            finds: Some((
                "secret-uri-malformed",
                "error",
                "the URI that juju add-secret printed",
            )),
        },
        Case {
            name: "W06: Entra's issuer without its version",
            options: generic(&format!("https://login.microsoftonline.com/{guid}")),
            finds: Some((
                "issuer-mistaken",
                "warning",
                "/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
            )),
        },
        Case {
            name: "W08: with a slash",
            options: generic(&format!("https://login.microsoftonline.com/{guid}/v2.0/")),
            finds: Some((
                "issuer-mistaken",
                "warning",
                "11db47/v2.0 provider_id=generic_",
            )),
        },
        Case {
            name: "W08: with a domain",
            options: generic("https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0"),
            finds: Some(("issuer-mistaken", "warning", "<Directory (tenant) ID>/v2.0")),
        },
        Case {
            name: "W10: Okta's console",
            options: generic("https://dev-123456-admin.okta.com/oauth2/default"),
            finds: Some((
                "issuer-mistaken",
                "warning",
                "https://dev-123456.okta.com/oauth2/default",
            )),
        },
        Case {
            name: "W12: GitHub as generic",
            options: generic("https://github.com"),
            finds: Some(("issuer-without-discovery", "warning", "provider=github")),
        },
        Case {
            name: "W12: its login as generic",
            options: generic("https://github.com/login/oauth"),
            finds: Some(("issuer-without-discovery", "warning", "provider=github")),
        },
        Case {
            name: "W19: the default scope asks for the phone number",
            options: json!({
                "provider": "generic",
                "client_id": "0oa1example2client3id",
                "client_secret": "exampl3-secr3t",
                "issuer_url": "https://example.okta.com",
            }),
            finds: Some(("phone-unverified", "note", "scope='openid profile email'")),
        },
        Case {
            name: "W20: Spotify without a mapper",
            options: kind("spotify", "user-read-email user-read-private"),
            finds: Some(("no-address", "warning", "jsonnet_mapper=@")),
        },
        Case {
            name: "W20: VK without a mapper",
            options: kind("vk", "email"),
            finds: Some(("no-address", "warning", "jsonnet_mapper=@")),
        },
        Case {
            name: "W21: LinkedIn",
            options: kind("linkedin_v2", ""),
            finds: Some((
                "kind-not-in-interface",
                "error",
                "https://www.linkedin.com/oauth",
            )),
        },
        Case {
            name: "W21: Salesforce",
            options: kind("salesforce", ""),
            finds: Some(("kind-not-in-interface", "error", ".my.salesforce.com")),
        },
        Case {
            name: "W21: LINE",
            options: kind("line", ""),
            finds: Some(("kind-not-in-interface", "error", "use another provider")),
        },
        Case {
            name: "W23: a key that a heredoc has indented",
            options: json!({
                "provider": "apple",
                "client_id": "com.example.login",
                "apple_team_id": "KP76DQS54M",
                "apple_private_key_id": "UX56C66723",
                "apple_private_key": APPLE_KEY.replace('\n', "\n  "),
                "scope": "name email",
            }),
            finds: Some((
                "apple-key-unusable",
                "warning",
                "apple_private_key=@AuthKey.p8",
            )),
        },
        Case {
            name: "W28: id and secret swapped",
            options: with(
                google("client_id", "GOCSPX-example"),
                "client_secret",
                "123-abc.apps.googleusercontent.com",
            ),
            finds: Some((
                "credentials-swapped",
                "warning",
                "client_id='<client id>' client_secret='<secret>'",
            )),
        },
        Case {
            name: "W30: place holders",
            options: google("client_id", "<client-id>"),
            finds: Some(("place-holder", "note", "")),
        },
        Case {
            name: "W30: variables",
            options: google("client_secret", "${GOOGLE_CLIENT_SECRET}"),
            finds: Some(("place-holder", "note", "")),
        },
        Case {
            name: "W31: the tenant is the client",
            options: microsoft(id, id),
            finds: Some((
                "tenant-is-client-id",
                "warning",
                "microsoft_tenant_id='<the Directory (tenant) ID>' provider_id=microsoft_",
            )),
        },
        Case {
            name: "W31: an Application ID URI",
            options: microsoft("api://8eaef023-2b34-4da1-9baa-8bc8c9d6a490", "common"),
            finds: Some((
                "client-id-malformed",
                "warning",
                "<Application (client) ID>",
            )),
        },
        Case {
            name: "W31: External ID",
            options: microsoft(id, "contoso.ciamlogin.com"),
            finds: Some(("tenant-of-external-id", "warning", "provider=generic")),
        },
        Case {
            name: "W32: a dot in the id",
            options: with(
                generic("https://sso.example.com"),
                "provider_id",
                "corp.okta",
            ),
            finds: None,
        },
        Case {
            name: "W32: a digit first",
            options: with(
                generic("https://sso.example.com"),
                "provider_id",
                "6bb1c7d1-3b3e-4995-9e09-35649dc45a2b",
            ),
            finds: None,
        },
        Case {
            name: "W34: Facebook's default scope",
            options: kind("facebook", ""),
            finds: Some(("scope-unknown", "note", "scope='email public_profile'")),
        },
        Case {
            name: "W36: another cloud",
            options: with(
                microsoft(id, tenant),
                "issuer_url",
                &format!("https://login.microsoftonline.us/{tenant}/v2.0"),
            ),
            finds: Some(("issuer-of-another-cloud", "warning", "provider=generic")),
        },
    ] {
        let found = findings(&options, &[]);
        let Some((code, severity, fix)) = finds else {
            assert_eq!(found, Vec::<Value>::new(), "{name}");
            continue;
        };
        let finding = found
            .iter()
            .find(|one| one["code"] == code)
            .unwrap_or_else(|| panic!("{name}: {found:?}"));
        assert_eq!(finding["severity"], severity, "{name}");
        assert!(
            finding["fix"].as_str().unwrap().contains(fix),
            "{name}: {finding}"
        );
    }
}

#[test]
fn a_redirect_uri_that_google_refuses_is_told() {
    let google = json!({
        "provider": "google",
        "provider_id": "google",
        "client_id": "123-abc.apps.googleusercontent.com",
        "client_secret": "GOCSPX-example",
        "scope": "openid profile email",
    });
    let found = findings(
        &google,
        &["--public-url", "https://10.64.140.43/iam-kratos"],
    );
    let codes: Vec<_> = found.iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["redirect-uri-refused"], "W24");
    let found = findings(&google, &["--public-url", "https://iam.example.com"]);
    assert_eq!(found, Vec::<Value>::new());
}
