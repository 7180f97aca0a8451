use juju_sandbox::{Deploy, Model};
#[test]
fn smoke() {
    let mut model = Model::new().unwrap();
    let charm = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charms/probe");
    model
        .deploy(
            &charm,
            "a",
            Deploy {
                units: 2,
                ..Deploy::default()
            },
        )
        .unwrap();
    model.deploy(&charm, "b", Deploy::default()).unwrap();
    let id = model.integrate("a:db", "b:backend").unwrap();
    model.settle().unwrap();
    for run in model.runs() {
        println!(
            "{} {} {:?} {:?} {:?}",
            run.unit, run.hook, run.remote_unit, run.exit_code, run.error
        );
    }
    for record in model.log() {
        println!("{record}");
    }
    let outcome = model.run_action("a/leader", "do", &[("script", "is-leader; config-get; relation-ids db; relation-set -r 2 x=1; echo err >&2; status-set active 'hi there'; action-set a.b=1".into())]).unwrap();
    println!("{outcome:?}");
    println!(
        "{:?} {:?}",
        model.unit("a/0").unwrap().workload(),
        model.unit_databag(id, "a/0")
    );
}
