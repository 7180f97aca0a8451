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
fn validate_says_what_is_wrong_and_how_to_mend_it() {
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
    for (name, file, code, lines) in [
        (
            "an application's options",
            format!("idp: {google}"),
            0,
            vec![],
        ),
        ("unset", "idp: {}".into(), 1, missing.to_vec()),
        ("null", "idp:".into(), 1, missing.to_vec()),
        (
            "null is unset",
            "idp: {provider: google, client_id: c, client_secret: ~, scope: email}".into(),
            1,
            vec![missing[1].clone()],
        ),
        (
            "a switch as a text",
            "idp: {enabled: 'true'}".into(),
            1,
            missing.to_vec(),
        ),
        (
            "a number is no text",
            format!(
                "idp: {{provider: google, client_id: 7, client_secret: {SECRET}, scope: email}}"
            ),
            1,
            vec![not_text.into()],
        ),
        (
            "a text is not a switch",
            format!(
                "idp: {{provider: google, client_id: c, client_secret: {SECRET}, scope: email, enabled: maybe}}"
            ),
            1,
            vec![
                "error: enabled: must be true or false: run juju config idp enabled='<true or false>'"
                    .into(),
            ],
        ),
        (
            "an unknown option",
            format!(
                "idp: {{provider: google, client_id: c, client_secret: {SECRET}, scope: email, lable: x}}"
            ),
            1,
            vec!["error: lable: no such option: remove it, or correct the name".into()],
        ),
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
fn the_options_alone_do_too() {
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
fn what_juju_config_prints_does_too() {
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
    let two = "a: {label: x}\nb: {label: y}";
    for (name, args, file, complaint) in [
        (
            "no file",
            vec!["validate", "/nowhere/at-all.yaml"],
            "",
            "/nowhere/at-all.yaml cannot be read",
        ),
        (
            "no YAML",
            vec!["validate", "-"],
            "label: x\n\thunter2: [",
            "- is not valid YAML, or has a duplicate key (line 2",
        ),
        (
            "a key twice",
            vec!["validate", "-"],
            r#"{"label": "hunter2", "label": "y"}"#,
            "- is not valid YAML, or has a duplicate key (line 1",
        ),
        (
            "two documents",
            vec!["validate", "-"],
            "label: x\n---\nlabel: hunter2",
            "- is more than one YAML document",
        ),
        (
            "no map",
            vec!["validate", "-"],
            "hunter2",
            "- contains no options",
        ),
        (
            "several applications",
            vec!["render", "-"],
            two,
            "choose one with --app",
        ),
        (
            "another application",
            vec!["render", "--app", "c", "-"],
            two,
            "- does not configure c",
        ),
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
    let google = "provider: google, client_id: c, client_secret: s, scope: openid email";
    let ours = format!("{{charm: ./kratos-external-idp-integrator.charm, options: {{{google}}}}}");
    let bundle = format!("applications:\n  kratos: {{charm: kratos}}\n  idp: {ours}\n");
    let two = format!("{bundle}  idp-two: {ours}\n");
    for (name, args, file, code, said) in [
        ("a bundle", vec![], bundle.clone(), 0, "valid"),
        (
            "an older one",
            vec![],
            bundle.replace("applications", "services"),
            0,
            "valid",
        ),
        (
            "one of several",
            vec!["--app", "idp-two"],
            two.clone(),
            0,
            "valid",
        ),
        ("which of several", vec![], two, 1, ""),
        (
            "an overlay",
            vec![],
            format!("applications: {{idp: {{options: {{{google}}}}}, kratos: {{num_units: 2}}}}"),
            0,
            "valid",
        ),
        (
            "a plain yes in a bundle",
            vec![],
            "applications:\n  idp:\n    charm: kratos-external-idp-integrator\n    options:\n      \
             provider: google\n      client_id: c\n      client_secret: s\n      scope: openid \
             email\n      enabled: yes\n"
                .into(),
            0,
            "valid",
        ),
        (
            "a switch",
            vec![],
            format!("idp: {{{google}, enabled: true}}"),
            0,
            "valid",
        ),
        (
            "a plain yes",
            vec![],
            format!("{{{google},\n enabled: yes }}"),
            0,
            "valid",
        ),
        (
            "yes in quotes",
            vec![],
            format!("idp: {{{google}, enabled: \"yes\"}}"),
            1,
            "error: enabled: must be true or false",
        ),
        (
            "yes for a text",
            vec![],
            format!("{{{google},\n label: yes }}"),
            1,
            "error: label: must be a string",
        ),
        (
            "yes in quotes for a text",
            vec![],
            format!("{{{google},\n label: 'yes' }}"),
            0,
            "note",
        ),
    ] {
        let output = charm(&[&["validate", "-"], &args[..]].concat(), &file);
        assert_eq!(output.status.code(), Some(code), "{name}: {output:?}");
        assert!(stdout(&output).starts_with(said), "{name}: {output:?}");
    }
}

#[test]
fn a_mapper_is_tried_out_without_juju() {
    let file =
        |mapper: &str| format!("{{provider: google, jsonnet_mapper: {mapper:?}, client_id: c}}");
    let good = "{ identity: { traits: { email: std.extVar('claims').email } } }";
    let bad = "{ identity: { traits: { email: std.extVar('claims').mail } } }";
    for (name, args, mapper, code, said) in [
        (
            "samples",
            vec![],
            good,
            0,
            "traits-unverified: {\"email\":\"ada@example.com\"}",
        ),
        (
            "claims",
            vec!["--claims", "{iss: i, sub: s, email: e@example.com}"],
            good,
            0,
            "traits-given: {\"email\":\"e@example.com\"}",
        ),
        (
            "a mistake",
            vec![],
            bad,
            1,
            "warning: jsonnet_mapper: with the verified claims",
        ),
        (
            "as JSON",
            vec!["--format", "json"],
            bad,
            1,
            "\"code\":\"mapper-fails\"",
        ),
        ("no such file", vec!["--claims", "@/nowhere"], good, 1, ""),
        ("nobody", vec!["--provider-id", "x"], good, 1, ""),
    ] {
        let output = charm(&[&["test-mapper", "-"], &args[..]].concat(), &file(mapper));
        assert_eq!(output.status.code(), Some(code), "{name}: {output:?}");
        assert!(stdout(&output).contains(said), "{name}: {output:?}");
    }
}

#[test]
fn a_bundle_includes_files_as_juju_does() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    write("mapper.jsonnet", "{ identity: { traits: {} } }");
    for (include, code, said) in [
        ("include-file://mapper.jsonnet", 0, "valid"),
        (
            "include-base64://mapper.jsonnet",
            0,
            "warning: jsonnet_mapper: ",
        ),
        ("include-file://nowhere.jsonnet", 1, ""),
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
