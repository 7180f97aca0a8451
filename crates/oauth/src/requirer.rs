//! The requirer half: asks for a client, and reads what the provider made of that.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use juju_hook::{
    Context, Databag, Event, HookTools, Refusal, RelationId, Secret, SecretPhase, SecretUri,
    ToolError, json,
};

use crate::client_config::ClientRequest;
use crate::errors::{MalformedError, Problem};
use crate::fields::{malformed, text};
use crate::interface::{CLIENT_ID, CLIENT_SECRET_ID, SECRET_KEY};
use crate::provider_info::Endpoints;

/// What the provider on one relation has for us.
#[derive(Debug, PartialEq, Eq)]
pub enum Provided {
    /// Nothing yet.
    Nothing,
    /// The endpoints, and no credentials yet, or no longer.
    Waiting(Endpoints),
    /// All that a login needs.
    Available(Client),
    /// A secret that cannot be read, at least not yet.
    Refused(Refusal),
    /// Something that is not what the interface says. The Python library raises an exception, which
    /// puts its charm into error. We do not, since the fault is on the other side.
    Malformed(MalformedError),
}

/// A client that is registered at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Where the provider is reached.
    pub endpoints: Endpoints,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The Juju secret that it is in.
    pub client_secret_id: SecretUri,
}

impl Client {
    /// All of it but the client secret, as one text that a charm can keep in its state, to tell
    /// in a later hook whether something is new.
    #[must_use]
    pub fn mark(&self) -> String {
        let mut entries = self.endpoints.entries();
        entries.insert(CLIENT_ID, self.client_id.clone());
        entries.insert(CLIENT_SECRET_ID, self.client_secret_id.id().to_owned());
        json::encode(&entries).into_exposed()
    }
}

/// What a hook means for the client of one relation.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// There is a client now (`oauth_info_changed` of the Python library).
    Available(Client),
    /// There is another one, or the same with another secret (`oauth_info_changed`).
    Changed(Client),
    /// There is none any more (`oauth_info_removed`; that the provider withdraws the credentials of
    /// a relation that lives on, the Python library does not tell).
    Removed,
}

/// The requirer side of one endpoint, during one hook.
#[derive(Debug)]
pub struct Requirer<'a> {
    tools: &'a HookTools,
    context: &'a Context,
    endpoint: &'a str,
    /// Read once, and only if there is something to write.
    leader: OnceCell<bool>,
}

impl<'a> Requirer<'a> {
    /// The requirer on `endpoint` of this charm.
    #[must_use]
    pub fn new(tools: &'a HookTools, context: &'a Context, endpoint: &'a str) -> Self {
        Self {
            tools,
            context,
            endpoint,
            leader: OnceCell::new(),
        }
    }

    /// The relations of the endpoint, without the one that is breaking.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn relations(&self) -> Result<Vec<RelationId>, ToolError> {
        self.tools.living_relations(self.context, self.endpoint)
    }

    /// Asks on `relation` for this client. Writes only what changes, and only on the leader.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn publish(&self, relation: &RelationId, request: &ClientRequest) -> Result<(), ToolError> {
        if !self.is_leader()? {
            return Ok(());
        }
        let ours = self
            .tools
            .relation_get(relation, self.context.application())?;
        let entries = request.entries();
        let mut changes: BTreeMap<_, _> = entries
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        changes.retain(|key, value| ours.get(key).map_or("", Secret::expose) != *value);
        if changes.is_empty() {
            return Ok(());
        }
        self.tools.relation_set(relation, &changes)
    }

    /// What the provider on `relation` has for us, with the newest content of its secret. Juju
    /// runs secret-changed when that changes.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn provided(&self, relation: &RelationId) -> Result<Provided, ToolError> {
        let provider = match self.context.remote_app(relation) {
            Some(provider) => provider.to_owned(),
            None => self.tools.relation_app(relation)?,
        };
        let databag = self.tools.relation_get(relation, &provider)?;
        if databag.keys().next().is_none() {
            return Ok(Provided::Nothing);
        }
        let (endpoints, client_id, client_secret_id) = match read(&databag) {
            Ok((endpoints, Some((id, uri)))) => (endpoints, id, uri),
            Ok((endpoints, None)) => return Ok(Provided::Waiting(endpoints)),
            Err(error) => return Ok(Provided::Malformed(error)),
        };
        let mut content = match self.tools.secret_get(&client_secret_id)? {
            Ok(content) => content,
            Err(refusal) => return Ok(Provided::Refused(refusal)),
        };
        let Some(client_secret) = content.remove(SECRET_KEY) else {
            let error = malformed(CLIENT_SECRET_ID, Problem::NoSecretKey);
            return Ok(Provided::Malformed(error));
        };
        Ok(Provided::Available(Client {
            endpoints,
            client_id,
            client_secret,
            client_secret_id,
        }))
    }

    /// What is new on `relation`, for a charm that kept the [`Client::mark`] of the last client
    /// that it was told of. `None` if nothing is, or if it cannot be read at present. Charms that
    /// reconcile the whole state do not need this.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn change(
        &self,
        relation: &RelationId,
        known: Option<&str>,
    ) -> Result<Option<Change>, ToolError> {
        if self.context.breaking() == Some(relation) {
            return Ok(known.map(|_| Change::Removed));
        }
        Ok(match (self.provided(relation)?, known) {
            (Provided::Available(client), None) => Some(Change::Available(client)),
            (Provided::Available(client), Some(known)) => {
                let is_new = client.mark() != known || self.has_new_secret(&client);
                is_new.then_some(Change::Changed(client))
            }
            (Provided::Nothing | Provided::Waiting(_), Some(_)) => Some(Change::Removed),
            _ => None,
        })
    }

    /// Whether this hook says that the client's secret has a new revision.
    fn has_new_secret(&self, client: &Client) -> bool {
        let secret = self.context.secret.as_ref();
        self.context.event == Event::Secret(SecretPhase::Changed)
            && secret.is_some_and(|secret| secret.uri == client.client_secret_id)
    }

    fn is_leader(&self) -> Result<bool, ToolError> {
        if let Some(&leader) = self.leader.get() {
            return Ok(leader);
        }
        let leader = self.tools.is_leader()?;
        Ok(*self.leader.get_or_init(|| leader))
    }
}

/// The endpoints in the provider's databag, and the client's id and its secret's URI, which are
/// only there together.
fn read(databag: &Databag) -> Result<(Endpoints, Option<(String, SecretUri)>), MalformedError> {
    let endpoints = Endpoints::read(databag)?;
    let filled = |key| Ok(text(databag, key)?.filter(|text| !text.is_empty()));
    let (Some(id), Some(uri)) = (filled(CLIENT_ID)?, filled(CLIENT_SECRET_ID)?) else {
        return Ok((endpoints, None));
    };
    // The Python library takes a bare id, too (`Secret` in ops).
    let uri = SecretUri::parse(&uri).or_else(|| SecretUri::from_id(&uri));
    let uri = uri.ok_or(malformed(CLIENT_SECRET_ID, Problem::NotSecretUri))?;
    Ok((endpoints, Some((id, uri))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_waiting_or_a_client_or_malformed() {
        struct Case {
            name: &'static str,
            id: Option<&'static str>,
            uri: Option<&'static str>,
            read: Result<Option<&'static str>, &'static str>,
        }

        const URI: &str = "secret:hwfk465clnlx1hmz2dyf";
        const GOOD: &str = "secret:hvfk465clnlv1hmv2dvf";
        for Case {
            name,
            id,
            uri,
            read: expected,
        } in [
            Case {
                name: "all",
                id: Some("my-client"),
                uri: Some(GOOD),
                read: Ok(Some("my-client")),
            },
            Case {
                name: "neither",
                id: None,
                uri: None,
                read: Ok(None),
            },
            Case {
                name: "no id",
                id: None,
                uri: Some(GOOD),
                read: Ok(None),
            },
            Case {
                name: "no secret",
                id: Some("my-client"),
                uri: None,
                read: Ok(None),
            },
            Case {
                name: "an empty id",
                id: Some(r#""""#),
                uri: Some(GOOD),
                read: Ok(None),
            },
            Case {
                name: "a number",
                id: Some("7890123"),
                uri: Some(GOOD),
                read: Err("client_id: not a text"),
            },
            Case {
                name: "of Slack",
                id: Some("1234.5678"),
                uri: Some(GOOD),
                read: Err("client_id: not a text"),
            },
            Case {
                name: "NaN",
                id: Some("NaN"),
                uri: Some(GOOD),
                read: Err("client_id: not a text"),
            },
            Case {
                name: "a quoted number",
                id: Some(r#""7890123""#),
                uri: Some(GOOD),
                read: Ok(Some("7890123")),
            },
            Case {
                name: "a bare id of a secret",
                id: Some("my-client"),
                uri: Some("hvfk465clnlv1hmv2dvf"),
                read: Ok(Some("my-client")),
            },
            Case {
                name: "the example of the interface's own text",
                id: Some("some_id"),
                uri: Some("42174217421742"),
                read: Err("client_secret_id: not a text"),
            },
            Case {
                name: "a URI with letters that no id has",
                id: Some("my-client"),
                uri: Some(URI),
                read: Err("client_secret_id: not a URI of a Juju secret"),
            },
        ] {
            let mut entries = Endpoints::default().entries();
            entries.retain(|_, value| !value.is_empty());
            entries.extend(id.map(|id| (CLIENT_ID, id.to_owned())));
            entries.extend(uri.map(|uri| (CLIENT_SECRET_ID, uri.to_owned())));
            let databag = serde_json::from_value(serde_json::to_value(entries).unwrap()).unwrap();
            let found = read(&databag);
            let found = found.map_err(|error| error.to_string());
            let found = found.map(|(_, client)| client.map(|(id, _)| id));
            let expected = expected.map(|id| id.map(str::to_owned));
            assert_eq!(found, expected.map_err(str::to_owned), "{name}");
        }
    }

    #[test]
    fn a_mark_tells_clients_apart_and_shows_no_secret() {
        let uri = |id: &str| SecretUri::parse(id).unwrap();
        let client = Client {
            endpoints: Endpoints::default(),
            client_id: "c".into(),
            client_secret: Secret::new("hunter2".into()),
            client_secret_id: uri("secret:hvfk465clnlv1hmv2dvf"),
        };
        assert!(!format!("{} {client:?}", client.mark()).contains("hunter2"));
        let changes: [fn(&mut Client); 3] = [
            |one| one.client_id.push('x'),
            |one| one.endpoints.issuer_url.push('x'),
            |one| one.client_secret_id = SecretUri::from_id("hvfk465clnlv1hmv2dv0").unwrap(),
        ];
        for change in changes {
            let mut other = client.clone();
            change(&mut other);
            assert_ne!(other.mark(), client.mark(), "{other:?}");
        }
        let mut elsewhere = client.clone();
        elsewhere.client_secret_id = uri("secret://some-model/hvfk465clnlv1hmv2dvf");
        assert_eq!(elsewhere.mark(), client.mark(), "one id, one secret");
    }
}
