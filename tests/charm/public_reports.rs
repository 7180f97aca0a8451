//! Configurations from public reports, as the built binary judges them. Each stands for its
//! kind; the numbers are those of the collection that they are from.

use serde_json::{Value, json};

use crate::support::{APPLE_KEY, charm, stdout};

/// A configuration, and one finding that there has to be; or none at all.
struct Case {
    name: &'static str,
    options: Value,
    finds: Option<Found>,
}

struct Found {
    code: &'static str,
    severity: &'static str,
    /// A part of it.
    fix: &'static str,
}

/// A provider of this kind, with these scopes if there are any.
fn kind_of(kind: &str, scope: &str) -> Value {
    let mut options = json!({ "provider": kind, "client_id": "x", "client_secret": "y-z" });
    if !scope.is_empty() {
        options["scope"] = scope.into();
    }
    options
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
            finds: Some(Found {
                code: "secret-looks-like-id",
                severity: "note",
                fix: "client_secret='secret:<id>'",
            }),
        },
        Case {
            name: "W05: a secret's name",
            options: google("client_secret", "secret:google-client"),
            finds: Some(Found {
                code: "secret-uri-malformed",
                severity: "error",
                fix: "the URI that juju add-secret printed",
            }),
        },
        Case {
            name: "W06: Entra's issuer without its version",
            options: generic(&format!("https://login.microsoftonline.com/{guid}")),
            finds: Some(Found {
                code: "issuer-mistaken",
                severity: "warning",
                fix: "/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
            }),
        },
        Case {
            name: "W08: with a slash",
            options: generic(&format!("https://login.microsoftonline.com/{guid}/v2.0/")),
            finds: Some(Found {
                code: "issuer-mistaken",
                severity: "warning",
                fix: "11db47/v2.0 provider_id=generic_",
            }),
        },
        Case {
            name: "W08: with a domain",
            options: generic("https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0"),
            finds: Some(Found {
                code: "issuer-mistaken",
                severity: "warning",
                fix: "<Directory (tenant) ID>/v2.0",
            }),
        },
        Case {
            name: "W10: Okta's console",
            options: generic("https://dev-123456-admin.okta.com/oauth2/default"),
            finds: Some(Found {
                code: "issuer-mistaken",
                severity: "warning",
                fix: "https://dev-123456.okta.com/oauth2/default",
            }),
        },
        Case {
            name: "W12: GitHub as generic",
            options: generic("https://github.com"),
            finds: Some(Found {
                code: "issuer-without-discovery",
                severity: "warning",
                fix: "provider=github",
            }),
        },
        Case {
            name: "W12: its login as generic",
            options: generic("https://github.com/login/oauth"),
            finds: Some(Found {
                code: "issuer-without-discovery",
                severity: "warning",
                fix: "provider=github",
            }),
        },
        Case {
            name: "W19: the default scope asks for the phone number",
            options: json!({
                "provider": "generic",
                "client_id": "0oa1example2client3id",
                "client_secret": "exampl3-secr3t",
                "issuer_url": "https://example.okta.com",
            }),
            finds: Some(Found {
                code: "phone-unverified",
                severity: "note",
                fix: "scope='openid profile email'",
            }),
        },
        Case {
            name: "W20: Spotify without a mapper",
            options: kind_of("spotify", "user-read-email user-read-private"),
            finds: Some(Found {
                code: "no-address",
                severity: "warning",
                fix: "jsonnet_mapper=@",
            }),
        },
        Case {
            name: "W20: VK without a mapper",
            options: kind_of("vk", "email"),
            finds: Some(Found {
                code: "no-address",
                severity: "warning",
                fix: "jsonnet_mapper=@",
            }),
        },
        Case {
            name: "Okta without a mapper",
            options: generic("https://example.okta.com"),
            finds: Some(Found {
                code: "address-unverified",
                severity: "note",
                fix: "jsonnet_mapper=@email-unverified.jsonnet",
            }),
        },
        Case {
            name: "W21: LinkedIn",
            options: kind_of("linkedin_v2", ""),
            finds: Some(Found {
                code: "kind-not-in-interface",
                severity: "error",
                fix: "https://www.linkedin.com/oauth",
            }),
        },
        Case {
            name: "W21: Salesforce",
            options: kind_of("salesforce", ""),
            finds: Some(Found {
                code: "kind-not-in-interface",
                severity: "error",
                fix: ".my.salesforce.com",
            }),
        },
        Case {
            name: "W21: LINE",
            options: kind_of("line", ""),
            finds: Some(Found {
                code: "kind-not-in-interface",
                severity: "error",
                fix: "use another provider",
            }),
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
            finds: Some(Found {
                code: "apple-key-unusable",
                severity: "warning",
                fix: "apple_private_key=@AuthKey.p8",
            }),
        },
        Case {
            name: "W28: id and secret swapped",
            options: with(
                google("client_id", "GOCSPX-example"),
                "client_secret",
                "123-abc.apps.googleusercontent.com",
            ),
            finds: Some(Found {
                code: "credentials-swapped",
                severity: "warning",
                fix: "client_id='<client id>' client_secret='<secret>'",
            }),
        },
        Case {
            name: "W30: place holders",
            options: google("client_id", "<client-id>"),
            finds: Some(Found {
                code: "place-holder",
                severity: "note",
                fix: "",
            }),
        },
        Case {
            name: "W30: variables",
            options: google("client_secret", "${GOOGLE_CLIENT_SECRET}"),
            finds: Some(Found {
                code: "place-holder",
                severity: "note",
                fix: "",
            }),
        },
        Case {
            name: "W31: the tenant is the client",
            options: microsoft(id, id),
            finds: Some(Found {
                code: "tenant-is-client-id",
                severity: "warning",
                fix: "microsoft_tenant_id='<the Directory (tenant) ID>' provider_id=microsoft_",
            }),
        },
        Case {
            name: "W31: an Application ID URI",
            options: microsoft("api://8eaef023-2b34-4da1-9baa-8bc8c9d6a490", "common"),
            finds: Some(Found {
                code: "client-id-malformed",
                severity: "warning",
                fix: "<Application (client) ID>",
            }),
        },
        Case {
            name: "W31: External ID",
            options: microsoft(id, "contoso.ciamlogin.com"),
            finds: Some(Found {
                code: "tenant-of-external-id",
                severity: "warning",
                fix: "provider=generic",
            }),
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
            options: kind_of("facebook", ""),
            finds: Some(Found {
                code: "scope-unknown",
                severity: "note",
                fix: "scope='email public_profile'",
            }),
        },
        Case {
            name: "W36: another cloud",
            options: with(
                microsoft(id, tenant),
                "issuer_url",
                &format!("https://login.microsoftonline.us/{tenant}/v2.0"),
            ),
            finds: Some(Found {
                code: "issuer-of-another-cloud",
                severity: "warning",
                fix: "provider=generic",
            }),
        },
    ] {
        let found = findings(&options, &[]);
        let Some(Found {
            code,
            severity,
            fix,
        }) = finds
        else {
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

/// A mapper that is tried out, and one part of what is to be said; empty for nothing.
struct Tried {
    name: &'static str,
    options: Value,
    claims: Option<Value>,
    said: &'static str,
    /// Whether a login fails for certain then.
    fails: bool,
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_people_map_is_tried_as_kratos_does() {
    let with_mapper = |kind: &str, scope: &str, mapper: &str| {
        let mut options = kind_of(kind, scope);
        options["jsonnet_mapper"] = mapper.into();
        options
    };
    let names = "local claims = std.extVar('claims');\n{ identity: { traits: { email: \
                 claims.email, firstname: claims.given_name, lastname: claims.family_name } } }\n";
    let unguarded = |kind| Tried {
        name: "W14: names that a kind does not have",
        options: with_mapper(kind, "email", names),
        claims: None,
        said: "it fails at line 2, column 57: a field that the object does not have",
        fails: true,
    };
    let claims = |more: Value| {
        let mut claims = json!({
            "iss": "https://example.okta.com",
            "sub": "1",
            "email": "a@example.com",
            "email_verified": true,
        });
        let more = more.as_object().cloned().unwrap();
        claims.as_object_mut().unwrap().extend(more);
        Some(claims)
    };
    let mut generic = kind_of("generic", "openid profile email phone");
    generic["issuer_url"] = "https://example.okta.com".into();
    let mut microsoft = with_mapper(
        "microsoft",
        "openid profile email",
        "local claims = std.extVar('claims');\n{ identity: { traits: { email: claims.email }, \
         metadata_public: { oid: claims.oid } } }\n",
    );
    microsoft["microsoft_tenant_id"] = "common".into();
    let unverified = "Charmed Kratos' own mapper fails: it looks at phone_number_verified";
    for Tried {
        name,
        options,
        claims,
        said,
        fails,
    } in [
        unguarded("discord"),
        unguarded("slack"),
        unguarded("spotify"),
        Tried {
            name: "W14: a kind with which no login works",
            options: with_mapper("dingtalk", "openid", names),
            claims: None,
            said: "logins fail with the kind dingtalk",
            fails: true,
        },
        Tried {
            name: "W16: the object id of Entra ID",
            options: microsoft,
            claims: None,
            said: "",
            fails: false,
        },
        Tried {
            name: "W17: Auth0 as generic",
            options: generic.clone(),
            claims: claims(json!({ "updated_at": "2026-01-01T00:00:00.000Z" })),
            said: "Kratos refuses the claims before the mapper runs: it cannot decode updated_at",
            fails: true,
        },
        Tried {
            name: "W19: a phone number that is not verified",
            options: generic.clone(),
            claims: claims(json!({
                "phone_number": "+441632960000",
                "phone_number_verified": false,
            })),
            said: unverified,
            fails: true,
        },
        Tried {
            name: "W19: the sample that the scope brings",
            options: generic,
            claims: None,
            said: unverified,
            fails: false,
        },
        Tried {
            name: "W20: Spotify without a mapper",
            options: kind_of("spotify", "user-read-email user-read-private"),
            claims: None,
            said: "the identity has no email",
            fails: true,
        },
        Tried {
            name: "W26: base64 for the program",
            options: with_mapper(
                "google",
                "openid profile email",
                "base64://bG9jYWwgY2xhaW1zID0gc3RkLmV4dFZhcignY2xhaW1zJyk7IHt9",
            ),
            claims: None,
            said: "that is base64: give the program itself",
            fails: true,
        },
    ] {
        let claims = claims.map(|claims| claims.to_string());
        let claims: Vec<_> = claims.iter().flat_map(|text| ["--claims", text]).collect();
        let args = [&["test-mapper", "-"], &claims[..]].concat();
        let output = charm(&args, &json!({ "idp": options }).to_string());
        assert_eq!(output.status.code(), Some(i32::from(fails)), "{name}");
        let printed = stdout(&output);
        assert!(printed.contains(said), "{name}: {printed}");
        assert_eq!(printed.contains("warning"), fails, "{name}: {printed}");
        let has_verified = printed.contains("traits-verified");
        assert!(
            !(has_verified && name.starts_with("W20")),
            "{name}: {printed}"
        );
    }
}

#[test]
fn a_redirect_uri_that_google_refuses_is_reported() {
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
