//! The binary as a person runs it.

use crate::support::{charm, stdout};

const SECRET: &str = "hunter2-client-secret";

fn options() -> String {
    format!("{{provider: google, client_id: c, client_secret: {SECRET}, scope: email}}")
}

#[test]
fn help_and_version_are_there() {
    let help = charm(&["--help"], "");
    assert!(help.status.success());
    for word in ["validate", "render"] {
        assert!(stdout(&help).contains(word), "{word}");
    }
    let version = charm(&["--version"], "");
    assert_eq!(
        stdout(&version).trim(),
        concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(charm(&[], "").status.code(), Some(2), "no command");
    assert_eq!(
        charm(&["frobnicate"], "").status.code(),
        Some(2),
        "unknown command"
    );
}

#[test]
fn validate_says_what_is_wrong_and_how_to_fix_it() {
    struct Case {
        name: &'static str,
        file: String,
        code: i32,
        lines: Vec<String>,
    }

    let set = |option: &str, placeholder: &str| {
        format!("error: {option}: not set: run juju config idp {option}='{placeholder}'")
    };
    let missing = [
        set("client_id", "<client id>"),
        set("client_secret", "<secret>"),
        set("issuer_url", "<issuer>"),
    ];
    let google = options();
    let not_text = "error: client_id: must be a string: put it in quotes";
    for Case {
        name,
        file,
        code,
        lines,
    } in [
        Case {
            name: "an application's options",
            file: format!("idp: {google}"),
            code: 0,
            lines: vec![],
        },
        Case {
            name: "unset",
            file: "idp: {}".into(),
            code: 1,
            lines: missing.to_vec(),
        },
        Case {
            name: "null",
            file: "idp:".into(),
            code: 1,
            lines: missing.to_vec(),
        },
        Case {
            name: "null is unset",
            file: "idp: {provider: google, client_id: c, client_secret: ~, scope: email}".into(),
            code: 1,
            lines: vec![missing[1].clone()],
        },
        Case {
            name: "a switch as a text",
            file: "idp: {enabled: 'true'}".into(),
            code: 1,
            lines: missing.to_vec(),
        },
        Case {
            name: "a number is not text",
            file: format!(
                "idp: {{provider: google, client_id: 7, client_secret: {SECRET}, scope: email}}"
            ),
            code: 1,
            lines: vec![not_text.into()],
        },
        Case {
            name: "text is not a switch",
            file: format!(
                "idp: {{provider: google, client_id: c, client_secret: {SECRET}, \
                 scope: email, enabled: maybe}}"
            ),
            code: 1,
            lines: vec![
                "error: enabled: must be true or false: run juju config idp \
                     enabled='<true or false>'"
                    .into(),
            ],
        },
        Case {
            name: "an unknown option",
            file: format!(
                "idp: {{provider: google, client_id: c, client_secret: {SECRET}, \
                 scope: email, lable: x}}"
            ),
            code: 1,
            lines: vec!["error: lable: no such option: remove it, or correct the name".into()],
        },
    ] {
        let output = charm(&["validate", "-"], &file);
        let text = stdout(&output);
        let mut expected = lines;
        expected.push(if code == 0 {
            "valid".into()
        } else {
            "invalid".into()
        });
        assert_eq!(text.lines().collect::<Vec<_>>(), expected, "{name}");
        assert_eq!(output.status.code(), Some(code), "{name}");
        assert!(!text.contains(SECRET), "{name}");
    }
}

#[test]
fn a_file_with_only_the_options_will_do() {
    let output = charm(&["validate", "-"], &options());
    assert_eq!(stdout(&output), "valid\n");
    let output = charm(&["validate", "--app", "login", "-"], "label: x");
    assert!(
        stdout(&output).contains("juju config login client_id="),
        "{output:?}"
    );
    let output = charm(&["validate", "-"], "label: x");
    assert!(
        stdout(&output).contains("juju config kratos-external-idp-integrator client_id="),
        "{output:?}"
    );
}

#[test]
fn the_output_of_juju_config_will_do() {
    let shown = format!(
        "application: login\ncharm: kratos-external-idp-integrator\nsettings:\n  \
         provider: {{source: user, type: string, value: google}}\n  \
         client_id: {{source: user, type: string, value: c}}\n  \
         client_secret: {{source: user, type: string, value: {SECRET}}}\n  \
         scope: {{source: user, type: string, value: email}}\n  \
         label: {{description: The text, source: unset, type: string}}\n"
    );
    assert_eq!(stdout(&charm(&["validate", "-"], &shown)), "valid\n");
    let output = charm(
        &["validate", "-"],
        &shown.replace("value: c}", "value: ''}"),
    );
    assert!(
        stdout(&output).contains("juju config login client_id="),
        "{output:?}"
    );
}

#[test]
fn render_prints_the_value_of_the_databag_key() {
    let file = format!("idp: {}", options());
    let masked = charm(&["render", "-"], &file);
    let revealed = charm(&["render", "--reveal", "-"], &file);
    assert!(masked.status.success() && revealed.status.success());
    assert!(!stdout(&masked).contains(SECRET));
    assert_eq!(
        stdout(&masked).replace("********", SECRET),
        stdout(&revealed)
    );
    assert!(stdout(&revealed).starts_with(r#"[{"provider":"google","client_id":"c","#));

    let disabled = charm(
        &["render", "-"],
        "{provider: google, client_id: c, client_secret: s, enabled: false}",
    );
    assert!(disabled.status.success() && disabled.stdout.is_empty());
    assert!(String::from_utf8_lossy(&disabled.stderr).contains("disabled"));
}

#[test]
fn a_file_that_cannot_be_used_is_named_but_not_quoted() {
    struct Case<'a> {
        name: &'static str,
        args: Vec<&'a str>,
        file: &'a str,
        complaint: &'static str,
    }

    let two = "a: {label: x}\nb: {label: y}";
    for Case {
        name,
        args,
        file,
        complaint,
    } in [
        Case {
            name: "no file",
            args: vec!["validate", "/nowhere/at-all.yaml"],
            file: "",
            complaint: "/nowhere/at-all.yaml cannot be read",
        },
        Case {
            name: "not YAML",
            args: vec!["validate", "-"],
            file: "label: x\n\thunter2: [",
            complaint: "- is not valid YAML, or has a duplicate key (line 2",
        },
        Case {
            name: "a key twice",
            args: vec!["validate", "-"],
            file: r#"{"label": "hunter2", "label": "y"}"#,
            complaint: "- is not valid YAML, or has a duplicate key (line 1",
        },
        Case {
            name: "two documents",
            args: vec!["validate", "-"],
            file: "label: x\n---\nlabel: hunter2",
            complaint: "- is more than one YAML document",
        },
        Case {
            name: "not a map",
            args: vec!["validate", "-"],
            file: "hunter2",
            complaint: "- contains no options",
        },
        Case {
            name: "several applications",
            args: vec!["render", "-"],
            file: two,
            complaint: "choose one with --app",
        },
        Case {
            name: "another application",
            args: vec!["render", "--app", "c", "-"],
            file: two,
            complaint: "- does not configure c",
        },
    ] {
        let output = charm(&args, file);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains(complaint), "{name}: {said}");
        assert!(!said.contains("hunter2"), "{name}: {said}");
    }
    let chosen = charm(&["validate", "--app", "b", "-"], two);
    assert!(
        stdout(&chosen).contains("juju config b client_id="),
        "one of several"
    );
}

#[test]
fn a_bundle_is_read_and_what_juju_refuses_is_refused() {
    struct Case<'a> {
        name: &'static str,
        args: Vec<&'a str>,
        file: String,
        code: i32,
        said: &'static str,
    }

    let google = "provider: google, client_id: c, client_secret: s, scope: openid email";
    let ours = format!("{{charm: ./kratos-external-idp-integrator.charm, options: {{{google}}}}}");
    let bundle = format!("applications:\n  kratos: {{charm: kratos}}\n  idp: {ours}\n");
    let two = format!("{bundle}  idp-two: {ours}\n");
    for Case { name, args, file, code, said } in [
Case { name: "a bundle", args: vec![], file: bundle.clone(), code: 0, said: "valid" },
Case {
    name: "an older one",
    args: vec![],
    file: bundle.replace("applications", "services"),
    code: 0,
    said: "valid",
},
Case {
    name: "one of several",
    args: vec!["--app", "idp-two"],
    file: two.clone(),
    code: 0,
    said: "valid",
},
Case { name: "which of several", args: vec![], file: two, code: 1, said: "" },
Case {
    name: "an overlay",
    args: vec![],
    file: format!("applications: {{idp: {{options: {{{google}}}}}, kratos: {{num_units: 2}}}}"),
    code: 0,
    said: "valid",
},
Case {
    name: "a plain yes in a bundle",
    args: vec![],
    file: "applications:\n  idp:\n    charm: kratos-external-idp-integrator\n    options:\n      \
             provider: google\n      client_id: c\n      client_secret: s\n      scope: openid \
             email\n      enabled: yes\n"
                .into(),
    code: 0,
    said: "valid",
},
Case {
    name: "a switch",
    args: vec![],
    file: format!("idp: {{{google}, enabled: true}}"),
    code: 0,
    said: "valid",
},
Case {
    name: "a plain yes",
    args: vec![],
    file: format!("{{{google},\n enabled: yes }}"),
    code: 0,
    said: "valid",
},
Case {
    name: "yes in quotes",
    args: vec![],
    file: format!("idp: {{{google}, enabled: \"yes\"}}"),
    code: 1,
    said: "error: enabled: must be true or false",
},
Case {
    name: "yes for a text",
    args: vec![],
    file: format!("{{{google},\n label: yes }}"),
    code: 1,
    said: "error: label: must be a string",
},
Case {
    name: "yes in quotes for a text",
    args: vec![],
    file: format!("{{{google},\n label: 'yes' }}"),
    code: 0,
    said: "note",
},
    ] {
        let output = charm(&[&["validate", "-"], &args[..]].concat(), &file);
        assert_eq!(output.status.code(), Some(code), "{name}: {output:?}");
        assert!(stdout(&output).starts_with(said), "{name}: {output:?}");
    }
}

#[test]
fn a_mapper_is_tried_out_without_juju() {
    struct Case<'a> {
        name: &'static str,
        args: Vec<&'a str>,
        mapper: &'a str,
        code: i32,
        said: &'static str,
    }

    let file =
        |mapper: &str| format!("{{provider: google, jsonnet_mapper: {mapper:?}, client_id: c}}");
    let good = "{ identity: { traits: { email: std.extVar('claims').email } } }";
    let bad = "{ identity: { traits: { email: std.extVar('claims').mail } } }";
    for Case {
        name,
        args,
        mapper,
        code,
        said,
    } in [
        Case {
            name: "samples",
            args: vec![],
            mapper: good,
            code: 0,
            said: "traits-unverified: {\"email\":\"ada@example.com\"}",
        },
        Case {
            name: "claims",
            args: vec!["--claims", "{iss: i, sub: s, email: e@example.com}"],
            mapper: good,
            code: 0,
            said: "traits-given: {\"email\":\"e@example.com\"}",
        },
        Case {
            name: "a mistake",
            args: vec![],
            mapper: bad,
            code: 1,
            said: "warning: jsonnet_mapper: with the verified claims",
        },
        Case {
            name: "as JSON",
            args: vec!["--format", "json"],
            mapper: bad,
            code: 1,
            said: "\"code\":\"mapper-fails\"",
        },
        Case {
            name: "no such file",
            args: vec!["--claims", "@/nowhere"],
            mapper: good,
            code: 1,
            said: "",
        },
        Case {
            name: "nobody",
            args: vec!["--provider-id", "x"],
            mapper: good,
            code: 1,
            said: "",
        },
    ] {
        let output = charm(&[&["test-mapper", "-"], &args[..]].concat(), &file(mapper));
        assert_eq!(output.status.code(), Some(code), "{name}: {output:?}");
        assert!(stdout(&output).contains(said), "{name}: {output:?}");
    }
}

#[test]
fn a_bundle_includes_files_as_juju_does() {
    struct Case {
        include: &'static str,
        code: i32,
        said: &'static str,
    }

    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    write("mapper.jsonnet", "{ identity: { traits: {} } }");
    for Case {
        include,
        code,
        said,
    } in [
        Case {
            include: "include-file://mapper.jsonnet",
            code: 0,
            said: "valid",
        },
        Case {
            include: "include-base64://mapper.jsonnet",
            code: 0,
            said: "warning: jsonnet_mapper: ",
        },
        Case {
            include: "include-file://nowhere.jsonnet",
            code: 1,
            said: "",
        },
    ] {
        let bundle = format!(
            "applications: {{idp: {{charm: kratos-external-idp-integrator, options: {{provider: \
             google, client_id: c, client_secret: s-t, scope: openid email, jsonnet_mapper: \
             '{include}'}}}}}}"
        );
        let output = charm(&["validate", &write("bundle.yaml", &bundle)], "");
        assert_eq!(output.status.code(), Some(code), "{include}");
        assert!(stdout(&output).starts_with(said), "{include}: {output:?}");
    }
}
