//! `check-provider`: can a login work at the identity provider? It is asked over the network.

use doctor::Doctor;
use juju_hook::Proxies;

use super::reply::Reply;
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
    let inquiry = match Inquiry::new(
        configuration,
        parameters,
        known_uri,
        Vec::new(),
        "",
        proxies,
    ) {
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
