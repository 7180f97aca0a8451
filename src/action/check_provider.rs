//! `check-provider`: can a login work at the identity provider? It is asked over the network.

use doctor::Doctor;
use doctor::provider::Application;
use juju_hook::Proxies;

use super::reply::Reply;
use crate::applications::{Request, Requests};
use crate::inquiry::{Inquiry, Parameters};
use crate::observe::Observed;
use crate::registration::Registration;

pub(super) fn answer(
    seen: &Observed,
    parameters: Parameters,
    proxies: &Proxies,
    doctor: &Doctor,
) -> Reply {
    let configuration = &seen.configuration;
    let known_uri = |id: &str| {
        let relations = seen.relations.iter();
        let registrations = relations.map(|one| Registration::read(configuration, one));
        let mut uris = registrations.flat_map(|one| one.redirect_uris);
        uris.find(|one| one.provider_id == id).map(|one| one.uri)
    };
    let shared = &configuration.applications;
    let requests = Requests::new(shared, &seen.applications);
    let applications = |id: &str| {
        let is_shared = shared.provider.as_ref().is_some_and(|one| one.id == id);
        let asked = requests.asked.iter().filter(|_| is_shared);
        asked.map(application).collect()
    };
    let inquiry = match Inquiry::new(configuration, parameters, known_uri, applications, proxies) {
        Ok(inquiry) => inquiry,
        Err(problem) => return Reply::failed(problem),
    };
    let outcome = match inquiry.ask(doctor, configuration, &seen.application) {
        Ok(outcome) => outcome,
        Err(problem) => return Reply::failed(problem),
    };
    let mut reply = Reply::default();
    reply.lines("verdict", outcome.verdict.word());
    reply.lines("checks", &outcome.lines());
    if let Some(configure) = &outcome.configure {
        reply.whole("configure", configure.clone());
    }
    reply.whole("json", outcome.json());
    reply
}

/// What an application asks for, as the doctor takes it.
fn application(request: &Request<'_>) -> Application {
    let Request { relation, client } = request;
    let scopes = client.scope.split_whitespace().map(str::to_owned);
    let grant_types = client.grant_types.iter();
    Application {
        name: relation.requirer.clone(),
        redirect_uris: client.redirect_uris.clone(),
        scopes: scopes.collect(),
        grant_types: grant_types.map(|one| one.word().to_owned()).collect(),
        auth_method: client.auth_method.word().to_owned(),
    }
}
