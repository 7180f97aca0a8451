//! The environment of a hook's process, which contains nothing else. Source: `HookVars` in
//! `context/context.go`, `context/env.go`.

use super::message::Environment;
use crate::agent::context::Context;
use crate::folder::Site;
use crate::surroundings;
use std::ffi::OsString;
use std::path::Path;

/// What a hook on Kubernetes has of its agent's own environment: where the cluster's API is
/// (`context/env.go`). The sandbox may run in a pod, too.
const OF_THE_AGENT: [&str; 9] = [
    "KUBERNETES_PORT",
    "KUBERNETES_PORT_443_TCP",
    "KUBERNETES_PORT_443_TCP_ADDR",
    "KUBERNETES_PORT_443_TCP_PORT",
    "KUBERNETES_PORT_443_TCP_PROTO",
    "KUBERNETES_SERVICE",
    "KUBERNETES_SERVICE_HOST",
    "KUBERNETES_SERVICE_PORT",
    "KUBERNETES_SERVICE_PORT_HTTPS",
];

/// The variables of a hook. As in Juju, most are set even if they are empty. Those that the author
/// chose come last, and override the rest.
pub(super) fn variables(context: &Context<'_>, site: &Site, socket: &Path) -> Environment {
    let settings = &context.state().settings;
    let event = context.event();
    // For actions the hook's name is set, but empty.
    let hook = if event.is_action() {
        String::new()
    } else {
        event.name()
    };
    let principal = context
        .state()
        .unit(context.unit())
        .and_then(|unit| unit.principal.clone())
        .unwrap_or_default();
    let variables = [
        ("JUJU_CHARM_DIR", site.charm.as_os_str().to_owned()),
        ("CHARM_DIR", site.charm.as_os_str().to_owned()),
        ("JUJU_CONTEXT_ID", context.id().into()),
        ("JUJU_HOOK_NAME", hook.into()),
        ("JUJU_DISPATCH_PATH", event.dispatch_path().into()),
        ("JUJU_AGENT_SOCKET_NETWORK", "unix".into()),
        ("JUJU_AGENT_SOCKET_ADDRESS", socket.as_os_str().to_owned()),
        ("JUJU_UNIT_NAME", context.unit().into()),
        ("JUJU_MODEL_NAME", settings.name.clone().into()),
        ("JUJU_MODEL_UUID", settings.uuid.clone().into()),
        ("JUJU_API_ADDRESSES", "10.0.0.1:17070".into()),
        ("JUJU_VERSION", settings.juju_version.clone().into()),
        ("JUJU_MACHINE_ID", OsString::new()),
        ("JUJU_AVAILABILITY_ZONE", OsString::new()),
        ("JUJU_PRINCIPAL_UNIT", principal.into()),
        ("CLOUD_API_VERSION", OsString::new()),
        (
            "JUJU_CHARM_HTTP_PROXY",
            settings.juju_http_proxy.clone().into(),
        ),
        (
            "JUJU_CHARM_HTTPS_PROXY",
            settings.juju_https_proxy.clone().into(),
        ),
        ("JUJU_CHARM_FTP_PROXY", OsString::new()),
        ("JUJU_CHARM_NO_PROXY", settings.juju_no_proxy.clone().into()),
        ("PATH", path(&site.tools)),
        ("LANG", "C.UTF-8".into()),
        ("TERM", "tmux-256color".into()),
        ("APT_LISTCHANGES_FRONTEND", "none".into()),
        ("DEBIAN_FRONTEND", "noninteractive".into()),
    ];
    let variables = variables.into_iter();
    let mut variables: Environment = variables
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    if context.juju().has_sla() {
        variables.insert("JUJU_SLA".into(), "unsupported".into());
    } else {
        for name in [
            "JUJU_CHARM_TRACE_CONFIG_HTTP",
            "JUJU_CHARM_TRACE_CONFIG_GRPC",
            "JUJU_CHARM_TRACE_CONFIG_CA_CERT",
        ] {
            variables.insert(name.into(), OsString::new());
        }
    }
    // As seen in real Juju: a command has no path to dispatch.
    if event.command().is_some() {
        variables.remove("JUJU_DISPATCH_PATH");
    }
    if let Some(hook) = event.storage() {
        let location = context.storage_location(&hook.id());
        variables.insert("JUJU_STORAGE_LOCATION".into(), location.into());
    }
    variables.extend(
        event
            .variables()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into())),
    );
    // What Juju copies from its agent's own environment.
    for name in OF_THE_AGENT {
        if let Some(value) = surroundings::variable(name) {
            variables.insert(name.into(), value);
        }
    }
    // Whatever else somebody wants a hook to have.
    let application = context.state().applications.get(context.application());
    let own = application.map(|application| &application.environment);
    for (name, value) in settings.environment.iter().chain(own.into_iter().flatten()) {
        variables.insert(name.clone(), value.into());
    }
    variables
}

/// The tools' folder, followed by the sandbox's own `PATH`.
fn path(tools: &Path) -> OsString {
    let mut path = tools.as_os_str().to_owned();
    if let Some(own) = surroundings::variable("PATH") {
        path.push(":");
        path.push(own);
    }
    path
}
