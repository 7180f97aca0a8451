//! The words with which Juju, and Go beneath it, refuse something: one table. In a text, `{name}`
//! stands for a part as it is, and `{name:?}` for the same part quoted as by Go's `%q`. The comment
//! above a group says where its texts come from. If it names no version, the texts are not known to
//! depend on one.

use crate::go::quote::quote;
use std::fmt::{self, Debug, Display};

/// A part of a text.
struct Part<T>(T);

impl<T: Display> Display for Part<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Display> Debug for Part<T> {
    /// `%q`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote(&self.0.to_string()))
    }
}

/// Makes a function of each text, which takes its parts.
macro_rules! refusals {
    ($($name:ident($($part:ident),*) = $text:literal;)+) => {$(
        pub(crate) fn $name($($part: impl Display),*) -> String {
            $(let $part = Part($part);)*
            format!($text)
        }
    )+};
}

refusals! {
    // debuglog.go.
    both_set(options) = "setting {options} not valid";

    // Go: strconv, os, encoding/base64, os/exec.
    strconv(function, text, reason) = "strconv.{function}: parsing {text:?}: {reason}";
    cannot_open(path, reason) = "open {path}: {reason}";
    is_directory(path) = "read {path}: is a directory";
    unknown_user(name) = "no such user: user: unknown user {name}";
    illegal_base64(byte) = "illegal base64 data at input byte {byte}";
    cannot_fork(path, reason) = "fork/exec {path}: {reason}";
    cannot_exec(path) = "exec: {path:?}: permission denied";

    // go-yaml v2.
    yaml(problem) = "yaml: {problem}";
    yaml_at(line, problem) = "yaml: line {line}: {problem}";
    yaml_binary() = "yaml: !!binary value contains invalid base64 data";
    yaml_tag(text, tag) = "yaml: cannot decode !!str `{text}` as a !!{tag}";
    yaml_anchor(name) = "yaml: unknown anchor '{name}' referenced";
    yaml_type(line, what, into) = "yaml: unmarshal errors:\n  line {line}: cannot unmarshal {what} into {into}";

    // juju/gnuflag, and cmd.CheckEmpty and keyvalues.Parse of juju/cmd and juju/utils.
    format_deprecated(tool) = "--format flag deprecated for command {tool:?}";
    empty_option(argument) = "empty option in argument {argument:?}";
    undefined_option(dashed) = "option provided but not defined: {dashed}";
    option_needs_argument(dashed) = "option needs an argument: {dashed}";
    invalid_option(value, dashed, reason) = "invalid value {value:?} for option {dashed}: {reason}";
    unknown_format(format) = "unknown format {format:?}";
    unrecognized_arguments(quoted) = "unrecognized args: {quoted}";
    not_key_value(argument) = "expected \"key=value\", got {argument:?}";
    key_twice(key) = "key {key:?} specified more than once";

    // juju/version.
    invalid_version(text) = "invalid version {text:?}";

    // jujuc/server.go, and runner.go of the uniter.
    bad_request(reason) = "bad request: {reason}";
    wrong_context(id) = "wrong context ID; got {id:?}";
    unknown_command(tool) = "unknown command: {tool}";
    action_terminated() = "action terminated";
    action_not_implemented(unit) = "action not implemented on unit {unit:?}";
    charm_missing() = "charm missing from disk";
    changes_not_applied(reason) = "cannot apply changes: {reason}";
    hook_failed(kind, name, via, reason) = "{kind} {name:?} (via {via}) failed: {reason}";
    unit_in_error(hook) = "hook failed: {hook:?}";
    commit_failed() = "committing requested changes failed";
    connection_shut_down() = "connection is shut down";

    // jujuc/action-*.go.
    not_running_action() = "not running an action";
    action_argument(argument) = "argument {argument:?} must be of the form key...=value";
    action_key(key) = "key {key:?} must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens";
    // The same in 2.9.
    action_key_2(key) = "key {key:?} must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric, hyphens and periods";
    reserved_action_key(key) = "cannot set reserved action key {key:?}";
    action_failed() = "action failed without reason given, check action for errors";
    no_message() = "no message specified";

    // jujuc/config-get.go, juju-log.go, network-get.go, state-get.go, application-version-set.go.
    all_with_key(key) = "cannot use argument --all together with key {key:?}";
    invalid_log_level(word) = "Specified log level of {word:?} is not valid";
    no_arguments() = "no arguments specified";
    no_binding() = "no binding name specified";
    unknown_binding(binding) = "no network config found for binding {binding:?}";
    primary_address_only() = "--primary-address must be the only flag specified";
    state_key_not_found(key) = "{key:?} not found";
    no_version() = "no version specified";

    // context/leader.go and context.go, jujuc/leader-*.go, core/leadership/interface.go.
    not_the_leader() = "this unit is not the leader";
    settings_not_the_leader() = "cannot write settings: not the leader";
    cannot_write_leader_settings(reason) = "cannot write leadership settings: {reason}";
    invalid_leader_key(key) = "invalid key {key:?}";
    not_leader_of(unit, application) = "{unit:?} is not leader of {application:?}";
    prerequisites_failed(reason) = "prerequisites failed: {reason}";

    // core/quota.
    state_too_large(limit) = "max allowed size ({limit}) exceeded";
    state_key_too_long(limit) = "max allowed key length ({limit}) exceeded";
    state_value_too_long(limit) = "max allowed value length ({limit}) exceeded";

    // jujuc/ports.go, core/network/portrange.go, context/ports.go.
    cannot_open_port(range, unit, other, when) = "cannot open {range} (unit {unit:?}): port range conflicts with {other} (unit {unit:?}){when}";
    cannot_close_port(range, unit, other, when) = "cannot close {range} (unit {unit:?}): port range conflicts with {other} (unit {unit:?}){when}";
    no_port() = "no port or range specified";
    invalid_port(text, reason) = "invalid port {text:?}: {reason}";
    invalid_port_range(text) = "invalid port range {text:?}";
    reversed_port_range(range) = "invalid port range {range}";
    icmp_with_port(from) = "protocol \"icmp\" doesn't support any ports; got \"{from}\"";
    port_out_of_range(from, to) = "port range bounds must be between 0 and 65535, got {from}-{to}";
    invalid_protocol(protocol) = "invalid protocol {protocol:?}, expected \"tcp\", \"udp\", or \"icmp\"";

    // jujuc/status-*.go.
    status_arguments() = "invalid args, require <status> [message]";
    invalid_status(word, known) = "invalid status {word:?}, expected one of [{known}]";
    no_workload_status() = "finding workload status: unit not found";
    no_application_status(reason) = "finding application status: {reason}";
    application_gone() = "application not found";

    // jujuc/relation-*.go, jujuc/context.go, context/relation.go.
    no_relation_id() = "no relation id specified";
    invalid_relation_id() = "invalid relation id";
    relation_not_found() = "relation not found";
    no_endpoint() = "no endpoint name specified";
    // The same before 3.2.
    no_relation_name() = "no relation name specified";
    application_for_unit(name) = "expected unit name, got application name {name:?}";
    invalid_unit(name) = "invalid unit name {name:?}";
    no_unit_or_application() = "no unit or application specified";
    not_unit_or_application(name) = "{name:?} is not a valid unit or application";
    cannot_write_relation_settings() = "cannot write relation settings";
    permission_denied() = "permission denied";
    // ReadSettings in state/relationunit.go; since 4.0 as a controller of 4.0.14 said it.
    settings_not_found(unit, relation) = "cannot read settings for unit {unit:?} in relation {relation:?}: unit {unit:?}: settings not found";
    relation_unit_not_found() = "relation unit not found";

    // jujuc/secret-*.go.
    no_secret_value() = "missing secret value or filename";
    empty_secret_value() = "empty secret value not valid";
    invalid_secret_owner(owner) = "secret owner {owner:?} not valid";
    peek_and_refresh() = "specify one of --peek or --refresh but not both";
    secret_key_not_found(key) = "secret key value {key:?} not found";
    uri_and_label() = "specify either a secret URI or label but not both";
    no_uri_or_label() = "require either a secret URI or label";
    no_secret_uri() = "missing secret URI";
    unit_not_of(unit, application) = "cannot specify unit {unit:?} in relation to application {application:?}";
    unit_not_valid(unit) = "unit {unit:?} not valid";
    application_not_valid(application) = "application {application:?} not valid";
    application_and_unit() = "specify only one of application or unit";
    relation_and_application() = "do not specify both relation and app";
    no_revoke_subject() = "missing relation or application or unit";

    // core/secrets: uri.go, createsecret.go, rotate.go; jujuc/secret-add.go.
    invalid_secret_uri(text) = "secret URI {text:?} not valid";
    invalid_secret_scheme(scheme) = "secret URI scheme {scheme:?} not valid";
    invalid_secret_host(host) = "host controller UUID {host:?} not valid";
    invalid_secret_argument(argument) = "key value {argument:?} not valid";
    invalid_secret_key(key) = "key {key:?} not valid";
    cannot_read_secret_key(key, reason) = "reading content for secret key {key:?}: {reason}";
    secret_file_too_large(path, bytes) = "secret content in file {path:?} too large: {bytes} bytes";
    secret_value_too_large(what, key, bytes) = "{what} for key {key:?} too large: {bytes} bytes";
    secret_too_large(what, bytes) = "{what} too large: {bytes} bytes";
    invalid_rotation(word) = "rotate policy {word:?} not valid";
    invalid_expiry(text) = "expire time or duration {text:?} not valid";
    negative_expiry(text) = "negative expire duration {text:?} not valid";

    // context/context.go, context/secrets.go, state/secrets.go, and the facade secretsmanager.
    secret_not_found(secret) = "secret {secret:?} not found";
    secret_revision_not_found(id, number) = "secret revision \"{id}/{number}\" not found";
    consumer_label_not_found(label) = "consumer label {label:?} not found";
    secret_label_exists(label) = "secret with label {label:?} already exists";
    secret_name_exists(name) = "secret with name {name:?} already exists";
    consumer_label_exists(label, role, tag) = "getting latest secret revision: secret label {label:?} for {role}{tag:?} already exists";
    unit_grants_first() = "any unit level grants need to be revoked before granting access to the corresponding application";
    no_such_scope(relation) = "invalid scope reference: relation {relation} not found";
    dying_scope(tag) = "cannot grant access to secret in scope of {tag:?} which is not alive";
    dying_subject(tag) = "cannot grant dying {tag:?} access to secret";
    no_such_subject(kind, name) = "invalid subject reference: {kind} {name:?} not found";
    other_scope() = "cannot change secret permission scope";
    // The same in 4.x, as a controller of 4.0.14 said it.
    cannot_read_secret_4(unit) = "{unit:?} is not allowed to read this secret";
    cannot_manage_secret_4(unit) = "{unit:?} is not allowed to manage this secret";
    secret_not_found_4() = "getting latest secret revision: secret not found";
    consumer_label_not_found_4(label) = "secret URI for consumer label {label:?} not found";

    // The sandbox's own, for time and variables.
    invalid_variable(name) = "invalid variable {name:?}";
    variable_of_juju(name) = "the variable {name:?} is Juju's own";
    no_variable(name) = "the variable {name:?} is not set here";
    invalid_time(text) = "{text:?} is neither a duration such as 24h nor a time such as 2026-02-01T00:00:00Z";
    past_time(text, now) = "{text:?} is past: it is {now} in the model";

    // cmd/juju/secrets, apiserver/facades/client/secrets, api/client/secrets.
    invalid_owner(owner) = "invalid owner {owner:?}";
    invalid_owner_tag(owner) = "invalid owner {owner:?}: {owner:?} is not a valid tag";
    secrets_not_supported() = "secrets not supported";
    user_secrets_not_supported() = "user secrets not supported";
    ambiguous_secret_label(label) = "more than 1 secret with label {label:?}";
    nothing_to_update() = "at least one attribute to update must be specified";
    cannot_grant_or_revoke(reasons) = "failed to grant/revoke secret: {reasons}";

    // cmd/modelcmd, jujuclient, State.NewModel, IsValidModelName of juju/names.
    no_current_model() = "No model in focus.\n\nPlease use \"juju-sandbox models\" to see models available to you.\nYou can set current model by running \"juju-sandbox switch\"\nor specify any other model on the command line using the \"-m\" option.";
    place_taken(path) = "{path} is there already, and is not of a model: choose another state folder";
    model_not_found(name) = "model juju-sandbox:admin/{name} not found";
    model_exists(name) = "failed to create new model: model {name:?} for admin already exists (already exists)";
    invalid_model_name(name) = "{name:?} is not a valid name: model names may only contain lowercase letters, digits and hyphens";
    unknown_controller(name) = "controller {name} not found";
    unknown_command_line(name) = "juju-sandbox: {name:?} is not a juju-sandbox command. See \"juju-sandbox --help\".";
    // juju/cmd and cmd/juju/status.
    quiet_and_verbose() = "\"verbose\" and \"quiet\" flags clash, please use one or the other, not both";
    color_and_no_color() = "cannot mix --no-color and --color";
    unknown_topic(name) = "unknown command or topic for {name}";
    not_here(command, reason) = "juju-sandbox does not have {command:?}: {reason}";
    // cmd/juju/model and environs/config.
    no_model_setting(key, model) = "key {key:?} not found in {model:?} model";
    fixed_agent_version() = "agent-version cannot be changed: a model imitates one version of Juju for as long as it exists";
    // What this sandbox does not have.
    no_charm_yet(unit) = "unit {unit:?} has no charm yet";
    no_container(name) = "there is no container {name:?}: only charms run here, each in its own directory";
    no_terminal() = "say which command to run: there is no terminal to open";
    scp_arguments() = "at least two arguments required";
    no_cross_model(name) = "cannot integrate with {name:?}: models do not offer anything to each other";
    no_charmhub(charm) = "cannot deploy {charm:?}: there is no such file or directory, and juju-sandbox does not reach Charmhub";
    refresh_without_path(application) = "say which charm is to replace that of {application:?} with --path: juju-sandbox does not reach Charmhub";
    not_on_containers(command) = "Juju command {command:?} not supported on container models";

    // cmd/juju/action, the facade action, and Unit.PrepareActionPayload in state/unit.go.
    action_not_defined(action, unit) = "action {action:?} not defined on unit {unit:?}";
    // The same in 4.0, as jubilant has seen it.
    action_not_defined_4(action, unit) = "action {action:?} not defined for unit {unit:?}. (not found)";
    cannot_run_action(action, reason) = "cannot run {action:?} action: {reason}";
    invalid_run_target(name) = "invalid unit or action name {name:?}";
    no_unit_specified() = "no unit specified";
    no_action_specified() = "no action specified";
    several_applications() = "all units must be of the same application";
    wait_and_background() = "cannot specify both --wait and --background";
    unsupported_json() = "json: unsupported type: map[interface {{}}]interface {{}}";
    not_enqueued(reasons) = "error(s) enqueueing action(s): {reasons}";
    receiver_not_found(tag) = "{tag} not found";
    tasks_failed(plural, list) = "the following task{plural} failed:\n{list}\n\nuse 'juju show-task' to inspect the failure{plural}\n";
    timed_out(receivers) = "timed out waiting for results from: {receivers}";
    no_commands() = "no commands specified";
    no_exec_target() = "You must specify a target, either through --all, --machine, --application or --unit";
    no_machines() = "cannot run on all machines with a caas model";
    no_machine_targets() = "unable to target machines with a k8s controller";
    invalid_exec_targets(lines) = "The following exec targets are not valid:\n{lines}";
    operation_not_found(id) = "operation {id:?} not found";
    // cmd/juju/action of Juju 2.9.
    action_not_found(id) = "actions for identifier {id:?} not found";
    no_actions() = "no actions found";
    no_actions_with_prefix(prefix) = "no actions found matching prefix {prefix:?}";
    no_actions_of_name(name) = "no actions were found for name {name}";
    nothing_enqueued() = "no actions were successfully enqueued, aborting";
    task_not_found(id) = "task {id:?} not found";
    no_leader(application) = "could not determine leader for {application:?}";
    run_argument(argument) = "argument {argument:?} must be of the form key.key.key...=value";

    // cmd/juju/application, State.AddApplication, State.AddRelation, State.InferEndpoints.
    invalid_application(name) = "invalid application name {name:?}";
    application_exists(name) = "cannot add application {name:?}: application {name:?} already exists";
    cannot_add_unit(count, application) = "cannot add unit 1/{count} to application {application:?}: application is not alive";
    cannot_add_subordinate(count, application) = "cannot add unit 1/{count} to application {application:?}: application is a subordinate";
    units_of_subordinate() = "cannot use --num-units or --to with subordinate application";
    // DestroyUnit of the facade application.
    cannot_remove_subordinate(unit, application) = "unit {unit:?} is a subordinate, to remove use remove-relation. Note: this will remove all units of {application:?}";
    not_in_error(unit) = "unit {unit:?} is not in an error state";
    no_status_history() = "no status history available";
    not_a_unit_name(name, kind) = "{name:?} is not a valid name for a {kind}";
    number_of_units() = "specify the number of units (> 0) to remove using --num-units";
    several_config_keys() = "cannot specify multiple keys to get";
    two_applications() = "a relation must involve two applications";
    no_relations() = "no relations found";
    no_such_endpoint(application, endpoint) = "application {application:?} has no {endpoint:?} relation";
    ambiguous_relation(names, quoted) = "ambiguous relation: {names:?} could refer to {quoted}";
    cannot_add_relation(key, reason) = "cannot add relation {key:?}: {reason}";
    relation_exists(key) = "relation {key} already exists";
    // AddRelation in state/state.go.
    relation_dying(key) = "relation {key} is dying, but not yet removed";
    relation_limit(endpoint, limit) = "establishing a new relation for {endpoint} would exceed its maximum relation limit of {limit}";
    application_not_alive(application) = "application {application:?} is not alive";
    is_peer_relation(key) = "cannot destroy relation {key:?}: is a peer relation";
    // checkRelationsOps in state/application.go.
    would_break_relation(application, charm, relation) = "cannot upgrade application {application:?} to charm {charm:?}: would break relation {relation:?}";
    new_relation_limit(limit, endpoint, count) = "new charm version imposes a maximum relation limit of {limit} for {endpoint} which cannot be satisfied by the number of already established relations ({count})";

    // juju/charm: meta.go, and core/assumes.
    metadata(reason) = "metadata: {reason}";
    no_metadata() = "open metadata.yaml: no such file or directory";
    invalid_charm_name(name) = "invalid charm name {name:?}";
    field_missing(field) = "{field}: expected string, got nothing";
    invalid_charm_user(user) = "invalid charm-user {user:?} expected one of root, sudoer or non-root";
    invalid_endpoint(name) = "invalid endpoint name {name:?}";
    reserved_endpoint(charm, endpoint) = "charm {charm:?} using a reserved relation name: {endpoint:?}";
    reserved_interface(charm, endpoint, interface) = "charm {charm:?} relation {endpoint:?} using a reserved interface: {interface:?}";
    duplicated_endpoint(charm, endpoint) = "charm {charm:?} using a duplicated relation name: {endpoint:?}";
    subordinate_without_scope(charm) = "subordinate charm {charm:?} lacks \"requires\" relation with container scope";
    unmet_assumptions(lines) = "Charm cannot be deployed because:\n  - {lines}";
    unmet_version(operator, wanted, juju) = "charm requires Juju version {operator} {wanted}, model has version {juju}";
    // api/client/charms/localcharmclient.go.
    no_hooks(charm) = "invalid charm {charm:?}: has no hooks nor dispatch file";
    // What the sandbox adds for a source tree, and says of charmcraft.yaml, which Juju does not read.
    not_packed(refusal) = "{refusal}: build or pack it first, and deploy the .charm file or what is in it";
    charmcraft(reason) = "charmcraft.yaml: {reason}";

    // juju/charm: charmarchive.go; juju/utils: zip/zip.go; Go: archive/zip.
    not_zip(path) = "{path} is not a packed charm: zip: not a valid zip file";
    not_in_archive(name) = "archive file {name:?} not found";
    cannot_extract(name, reason) = "cannot extract {name:?}: {reason}";
    symlink_absolute(to) = "symlink {to:?} is absolute";
    symlink_out_of_scope(to) = "symlink {to:?} leads out of scope";

    // juju/charm: resource/meta.go, resource/type.go.
    unsupported_resource_type(word) = "unsupported resource type {word:?}";
    resource_without_name() = "resource missing name";
    // The sandbox's own.
    invalid_resource(name, filename) = "invalid resource {name:?} with filename {filename:?}";
    invalid_storage_name(name) = "invalid storage name {name:?}";
    resource_without_filename() = "resource missing filename";
    resource_filename_slash(filename) = "filename cannot contain \"/\" (got {filename:?})";
    // cmd/juju/resource: resource.go, upload.go, validation.go.
    bad_resource_argument(argument, reason) = "bad resource arg {argument:?}: {reason}";
    not_name_path() = "expected name=path format";
    no_resource_name() = "missing resource name";
    no_resource_value() = "missing resource value";
    unrecognized_resource(name) = "unrecognized resource {name:?}";
    cannot_upload_resource(name, reason) = "failed to upload resource {name:?}: {reason}";
    resource_file(name, reason) = "file for resource {name:?}: {reason}";
    resource(name, reason) = "resource {name:?}: {reason}";
    neither_application_nor_unit(name) = "{name:?} is neither an application nor a unit";
    not_image(value) = "filepath or registry path: {value} not valid";
    invalid_image(path) = "docker image path {path:?} not valid";
    // jujuc/resource-get.go; what the controller says, as seen with 2.9, and in 4.0 with a beta of it.
    no_resource_name_given() = "missing required resource name";
    cannot_download_resource(url, reason) = "could not download resource: HTTP request failed: Get {url}: {reason}";
    resource_not_found(application, name) = "resource#{application}/{name} not found";
    resource_not_found_4(application, name) = "resource {name} of application {application} not found";

    // juju/charm: meta.go; state/storage.go; storage/constraints.go; jujuc/storage-*.go.
    invalid_storage_type(name, word) = "storage.{name}.type: unexpected value {word:?}";
    invalid_storage_range(name) = "storage.{name}.multiple.range: invalid count";
    invalid_storage_size(name) = "storage.{name}.minimum-size: expected a non-negative number with optional multiplier suffix (M/G/T/P/E)";
    // The sandbox's own.
    block_storage() = "storage of type block is not supported by the sandbox";
    shared_storage(charm, name) = "charm {charm:?} store {name:?}: shared storage support not implemented";
    no_such_store(charm, name) = "charm {charm:?} has no store called {name:?}";
    store(charm, name, reason) = "charm {charm:?} store {name:?}: {reason}";
    storage_singular(count) = "storage is singular, {count} specified";
    storage_too_few(least, count) = "{least} instances required, {count} specified";
    storage_too_many(most, count) = "at most {most} instances supported, {count} specified";
    storage_too_small(least, given) = "minimum storage size is {least}, {given} specified";
    cannot_attach_singular() = "cannot attach, storage is singular";
    cannot_detach_singular() = "cannot detach, storage is singular";
    storage_exceeds(more, plural, count, most) = "attaching {more} storage instance{plural} brings the total to {count}, exceeding the maximum of {most}";
    storage_falls_short(count, least) = "detaching 1 storage instance brings the total to {count}, which is less than the minimum of {least}";
    storage_pool_twice(pool, other) = "pool name is already set to {pool:?}, new value {other:?} not valid";
    storage_count(text) = "cannot parse count: count must be greater than zero, got {text:?}";
    storage_constraint(text) = "unrecognized storage constraint {text:?} not valid";
    no_storage_constraint() = "storage constraints require at least one field to be specified";
    storage_argument(argument) = "expected \"name=constraints\" or \"name\", got {argument:?}";
    storage_argument_without_wish(argument) = "expected \"name=constraints\" where \"constraints\" must be specified, got {argument:?}";
    storage_wish(name, reason) = "cannot parse constraints for storage {name:?}: {reason}";
    storage_twice(name) = "storage {name:?} specified more than once";
    cannot_add_storage(unit, name, reason) = "adding storage to unit {unit}: adding {name:?} storage: {reason}";
    // state/storage.go, state/unit.go; for 4.x, the facade storage.
    adding_storage(name, unit, reason) = "adding {name:?} storage to {unit}: {reason}";
    unit_not_found_or_alive() = "unit is not found or not alive";
    unit_not_found(unit) = "unit {unit:?} not found";
    cannot_attach_storage(id, unit, reason) = "cannot attach storage {id} to unit {unit}: {reason}";
    unit_not_alive() = "unit not alive";
    storage_of_other_unit(owner, unit) = "cannot attach storage owned by unit {owner} to unit {unit}";
    storage_instance_not_found(id) = "storage instance {id:?} not found";
    charm_has_no_storage(charm, name) = "charm {charm} has no storage called {name}";
    cannot_detach_storage(id, unit, reason) = "cannot destroy storage attachment {id}:{unit}: {reason}";
    cannot_destroy_storage(id, reason) = "cannot destroy storage {id:?}: {reason}";
    cannot_release_storage(id, reason) = "cannot release storage {id:?}: {reason}";
    storage_is_attached() = "storage is attached";
    storage_not_releasable(pool) = "storage provider {pool:?} does not support releasing storage";
    unit_does_not_exist_4(unit) = "unit {unit:?} does not exist";
    unit_not_alive_4(unit) = "unit {unit:?} is not alive";
    storage_does_not_exist_4(id) = "storage {id:?} does not exist";
    storage_name_not_supported_4(name) = "storage name {name:?} not supported by charm";
    storage_count_exceeded_4(name, count, most) = "storage directive {name:?} request count {count} exceeds the charm's maximum count of {most}";
    storage_not_supported_4(id, unit) = "storage {id:?} not supported by the charm of unit {unit:?}";
    storage_exceeded_4(id, most, name, unit) = "attaching storage {id:?} would exceed the maximum count of {most} for storage definition {name:?} of unit {unit:?}";
    storage_already_attached_4(id, unit) = "storage {id:?} is already attached to unit {unit:?}";
    storage_not_shared_4(id, unit) = "storage {id:?} already has attachments but the charm storage definition of unit {unit:?} does not support shared access";
    detaching_storage_4(id, reason) = "detaching storage {id:?} attachment 0: {reason}";
    storage_minimum_4(name, least) = "removing storage from unit would violate charm storage {name:?} requirements of having minimum {least} storage instances";
    // cmd/juju/storage, api/client/storage, cmd/juju/application.
    not_a_storage_id(id) = "storage ID {id:?} not valid";
    not_a_unit_id(id) = "unit ID {id:?} not valid";
    not_a_unit(name) = "unit name {name:?} not valid";
    not_a_storage(id) = "invalid storage id {id}";
    attach_storage_of_several() = "--attach-storage cannot be used with -n";
    cannot_add_unit_with_storage(application, reason) = "cannot add unit to application {application:?}: {reason}";
    charm_storage_not_found(name) = "charm storage {name:?} not found";
    storage_removed(application, charm, name) = "cannot upgrade application {application:?} to charm {charm:?}: in-use storage {name:?} removed";
    no_storage_instance() = "no storage instance specified";
    invalid_storage_id(text) = "invalid storage ID {text:?}";
    storage_not_found() = "storage not found";
    invalid_storage_attribute(key) = "invalid storage attribute {key:?}";
    no_storage_directive() = "storage add requires a storage directive";
    only_storage_count(name) = "only count can be specified for {name:?}";

    // juju/charm: config.go; the first two are Config.ParseSettingsYAML's.
    bad_settings(reason) = "cannot parse settings data: {reason}";
    no_settings(application) = "no settings found for {application:?}";
    invalid_config(reason) = "invalid config: {reason}";
    empty_config() = "empty configuration";
    invalid_default(reason) = "invalid config default: {reason}";
    unknown_type(option, word) = "option {option:?} has unknown type {word:?}";
    unknown_option(option) = "unknown option {option:?}";
    option_type(option, wanted, got) = "option {option:?} expected {wanted}, got {got}";

    // juju/charm: actions.go.
    bad_action_name(name) = "bad action name {name}";
    reserved_action(name) = "cannot use action name {name}: the \"juju-\" prefix is reserved";
    schema_key_not_string(key) = "value for schema key {key:?} must be a string";
    schema_key_not_bool(key) = "value for schema key {key:?} must be a bool";
    schema_key_banned(key) = "schema key {key:?} not compatible with this version of juju";
    params_not_map() = "params failed to parse as a map";
    invalid_action_schema(action, reason) = "invalid params schema for action schema {action}: {reason}";

    // juju/gojsonschema, through ActionSpec.ValidateParams.
    invalid_parameters(problems) = "validation failed: {problems}";
    not_of_type(path, kinds, given) = "{path} : must be of type {kinds}, given {given}";
    not_in_enum(path, allowed, given) = "{path} : must match one of the enum values [{allowed}], given {given}";
    too_small(path, least, given) = "{path} : must be greater than or equal to {least}, given {given}";
    too_great(path, most, given) = "{path} : must be less than or equal to {most}, given {given}";
    too_short(path, least, given) = "{path} : string length must be greater or equal to {least}, given {given}";
    too_long(path, most, given) = "{path} : string length must be lower or equal to {most}, given {given}";
    property_missing(path, property, given) = "{path} : {property:?} property is missing and required, given {given}";
    property_not_allowed(path, property, given) = "{path} : additional property {property:?} is not allowed, given {given}";
}
