//! Decides what to do. No process, clock, environment or network here.

use std::collections::BTreeMap;

use juju_hook::{Databag, SecretUri};

use crate::interface::{CLIENT_ID, CLIENT_SECRET_ID, REQUIRER, RETIRED_SECRET_ID};
use crate::provider::observed::{Holds, Observed, Relation};
use crate::provider::plan::{NewSecret, Plan, RelationPlan, Wanted};
use crate::value::encode;

/// Decides what to do about what was seen, once [`Observed::compare`] has looked with the same
/// `wanted`. On a unit that does not lead, that is nothing.
pub fn reconcile<'w>(seen: &Observed, wanted: impl Fn(&Relation) -> Wanted<'w>) -> Plan {
    let mut plan = Plan::default();
    for relation in &seen.relations {
        plan.settle(relation, wanted(relation), seen.spares_retired);
    }
    // What has the label of a secret that is still to be made becomes that.
    let taken: Vec<_> = plan
        .relations
        .iter()
        .filter_map(|one| one.secret.as_ref())
        .collect();
    let left = seen.left_behind.iter().filter(|left| {
        let is_taken = taken.iter().any(|secret| secret.label == left.label);
        !is_taken
    });
    plan.removals.extend(left.map(|left| left.uri.clone()));
    plan
}

/// What withdraws the credentials on the relations that are off, and nothing else: for a charm that
/// does so before it looks at anything that could fail. [`Observed::note`] prepares for the rest.
pub fn withdraw(seen: &Observed, is_off: impl Fn(&Relation) -> bool) -> Plan {
    let mut plan = Plan::default();
    for relation in seen.relations.iter().filter(|one| is_off(one)) {
        plan.settle(relation, Wanted::Withdraw, seen.spares_retired);
    }
    plan
}

impl Plan {
    /// Adds what makes `relation` as it is `wanted`.
    fn settle(&mut self, relation: &Relation, wanted: Wanted<'_>, spares_retired: bool) {
        let Some(ours) = &relation.ours else {
            return;
        };
        let plan = on_relation(relation, ours, wanted, spares_retired);
        if plan.as_ref().is_some_and(RelationPlan::forgets_retired) {
            let published = relation.published_secret();
            let retired = relation.retired_secret();
            self.removals
                .extend(retired.filter(|uri| published.as_ref() != Some(uri)));
        }
        self.relations.extend(plan);
    }
}

/// What to do on one relation, whose databag of ours is `ours`; `None` if it is in order.
fn on_relation(
    relation: &Relation,
    ours: &Databag,
    wanted: Wanted<'_>,
    spares_retired: bool,
) -> Option<RelationPlan> {
    let mut changes = BTreeMap::new();
    if !spares_retired {
        changes.insert(RETIRED_SECRET_ID, String::new());
    }
    let mut secret = None;
    match wanted {
        Wanted::Keep => {}
        Wanted::Withdraw => {
            changes.insert(CLIENT_ID, String::new());
            changes.insert(CLIENT_SECRET_ID, String::new());
            retire(&mut changes, relation.published_secret());
        }
        Wanted::Offer(info, credentials) => {
            changes.extend(info.endpoints().entries());
            // Only here: a databag that has something, but no endpoints, puts requirers into error.
            changes.insert(REQUIRER, encode(&relation.requirer).into_owned());
            let is_due = relation.request.is_ok() || relation.has_credentials();
            if let Some(credentials) = credentials.filter(|_| is_due) {
                let id = encode(credentials.client_id()).into_owned();
                changes.insert(CLIENT_ID, id);
                let published = relation.published_secret();
                // Where nobody has looked into a secret, it is left alone.
                let is_good = matches!(relation.secret, None | Some(Holds::Wanted));
                if published.is_none() || !is_good {
                    let old = published.clone().or_else(|| relation.retired_secret());
                    secret = Some(NewSecret {
                        label: relation.label(old.as_ref()),
                        value: credentials.client_secret().clone(),
                    });
                    let is_there = relation.secret == Some(Holds::Other);
                    retire(&mut changes, published.filter(|_| is_there));
                }
            }
        }
    }
    let is_new = |key: &str, value: &String| match ours.get(key) {
        Some(old) => old.expose() != value,
        None => !value.is_empty(),
    };
    changes.retain(|key, value| is_new(key, value));
    (secret.is_some() || !changes.is_empty()).then(|| RelationPlan {
        relation: relation.id.clone(),
        secret,
        changes,
    })
}

/// Notes that a later hook is to remove `old`.
fn retire(changes: &mut BTreeMap<&'static str, String>, old: Option<SecretUri>) {
    if let Some(old) = old {
        changes.insert(RETIRED_SECRET_ID, old.to_string());
    }
}

#[cfg(test)]
mod tests {
    use juju_hook::{RelationId, Secret};

    use super::*;
    use crate::client_config::ClientConfig;
    use crate::credentials::Credentials;
    use crate::errors::{MalformedError, Problem};
    use crate::provider::observed::LeftBehind;
    use crate::provider_info::{Endpoints, ProviderInfo};

    const OLD: &str = "secret:d0erdgfmp25c762i8np0";
    const OLDER: &str = "secret:d0erdgfmp25c762i8npg";

    /// What is done, in short.
    #[derive(Debug, Default, PartialEq, Eq)]
    struct Done {
        /// The label of the secret that is made.
        makes: Option<&'static str>,
        /// What is written, endpoints aside; an empty value deletes.
        writes: Vec<(&'static str, &'static str)>,
        removes: Vec<&'static str>,
    }

    fn info() -> ProviderInfo {
        ProviderInfo::try_from(Endpoints::default()).unwrap()
    }

    /// A relation on which our databag has these keys, and all endpoints if it has any.
    fn relation(entries: &[(&str, &str)], is_asked: bool, secret: Option<Holds>) -> Relation {
        let mut databag: BTreeMap<&str, String> = BTreeMap::new();
        if !entries.is_empty() {
            databag.extend(info().endpoints().entries());
            databag.insert(REQUIRER, "web".to_owned());
        }
        databag.retain(|_, value| !value.is_empty());
        databag.extend(
            entries
                .iter()
                .map(|(key, value)| (*key, (*value).to_owned())),
        );
        let missing = MalformedError {
            key: "scope",
            problem: Problem::Missing,
        };
        let ours = serde_json::from_value(serde_json::to_value(databag).unwrap());
        Relation {
            id: RelationId::new("oauth:8"),
            requirer: "web".into(),
            request: is_asked.then(ClientConfig::default).ok_or(missing),
            ours: Some(ours.unwrap()),
            secret,
        }
    }

    fn uri(text: &str) -> SecretUri {
        SecretUri::parse(text).unwrap()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn every_state_leads_to_what_is_wanted() {
        #[derive(Clone, Copy)]
        enum Want {
            All,
            NoCredentials,
            Withdraw,
            Keep,
        }
        use Want::{All, Keep, NoCredentials, Withdraw};
        struct Case<'a> {
            name: &'static str,
            ours: &'a [(&'a str, &'a str)],
            is_asked: bool,
            secret: Option<Holds>,
            wanted: Want,
            done: Done,
        }

        let credentials = Credentials::new("c".into(), Secret::new("hunter2".into())).unwrap();
        let info = info();
        let given = [(CLIENT_ID, "c"), (CLIENT_SECRET_ID, OLD)];
        let rotated = [given[0], given[1], (RETIRED_SECRET_ID, OLDER)];
        let withdrawn = [(RETIRED_SECRET_ID, OLD)];
        let gone = [(CLIENT_ID, ""), (CLIENT_SECRET_ID, ""), withdrawn[0]];
        let tidied = (RETIRED_SECRET_ID, "");
        let after_old = "oauth-client-secret/oauth:8/d0erdgfmp25c762i8np0";
        for Case {
            name,
            ours,
            is_asked,
            secret,
            wanted,
            done,
        } in [
            Case {
                name: "nobody asked: the endpoints",
                ours: &[],
                is_asked: false,
                secret: None,
                wanted: All,
                done: Done::default(),
            },
            Case {
                name: "asked: a secret, too",
                ours: &[],
                is_asked: true,
                secret: None,
                wanted: All,
                done: Done {
                    makes: Some("oauth-client-secret/oauth:8"),
                    writes: vec![(CLIENT_ID, "c")],
                    ..Done::default()
                },
            },
            Case {
                name: "asked, with nothing to give: the endpoints",
                ours: &[],
                is_asked: true,
                secret: None,
                wanted: NoCredentials,
                done: Done::default(),
            },
            Case {
                name: "in order",
                ours: &given,
                is_asked: true,
                secret: Some(Holds::Wanted),
                wanted: All,
                done: Done::default(),
            },
            Case {
                name: "a request that is no longer one ends nothing",
                ours: &given,
                is_asked: false,
                secret: Some(Holds::Wanted),
                wanted: All,
                done: Done::default(),
            },
            Case {
                name: "another client id",
                ours: &[(CLIENT_ID, "b"), given[1]],
                is_asked: true,
                secret: Some(Holds::Wanted),
                wanted: All,
                done: Done {
                    writes: vec![(CLIENT_ID, "c")],
                    ..Done::default()
                },
            },
            Case {
                name: "another client secret: a new URI, the old one for later",
                ours: &given,
                is_asked: true,
                secret: Some(Holds::Other),
                wanted: All,
                done: Done {
                    makes: Some(after_old),
                    writes: vec![(RETIRED_SECRET_ID, OLD)],
                    ..Done::default()
                },
            },
            Case {
                name: "the same for one whose request is no longer one",
                ours: &given,
                is_asked: false,
                secret: Some(Holds::Other),
                wanted: All,
                done: Done {
                    makes: Some(after_old),
                    writes: vec![(RETIRED_SECRET_ID, OLD)],
                    ..Done::default()
                },
            },
            Case {
                name: "later",
                ours: &rotated,
                is_asked: true,
                secret: Some(Holds::Wanted),
                wanted: All,
                done: Done {
                    writes: vec![tidied],
                    removes: vec![OLDER],
                    ..Done::default()
                },
            },
            Case {
                name: "later, with yet another client secret",
                ours: &rotated,
                is_asked: true,
                secret: Some(Holds::Other),
                wanted: All,
                done: Done {
                    makes: Some(after_old),
                    writes: vec![(RETIRED_SECRET_ID, OLD)],
                    removes: vec![OLDER],
                },
            },
            Case {
                name: "the secret is gone: there is nothing to remove later",
                ours: &given,
                is_asked: true,
                secret: Some(Holds::Nothing),
                wanted: All,
                done: Done {
                    makes: Some(after_old),
                    ..Done::default()
                },
            },
            Case {
                name: "what is no URI is replaced",
                ours: &[(CLIENT_ID, "c"), (CLIENT_SECRET_ID, "?")],
                is_asked: true,
                secret: None,
                wanted: All,
                done: Done {
                    makes: Some("oauth-client-secret/oauth:8"),
                    ..Done::default()
                },
            },
            Case {
                name: "a secret that nobody looked into is left alone",
                ours: &given,
                is_asked: true,
                secret: None,
                wanted: All,
                done: Done::default(),
            },
            Case {
                name: "without new credentials, the old ones stay",
                ours: &given,
                is_asked: true,
                secret: None,
                wanted: NoCredentials,
                done: Done::default(),
            },
            Case {
                name: "withdrawn",
                ours: &given,
                is_asked: true,
                secret: None,
                wanted: Withdraw,
                done: Done {
                    writes: gone.to_vec(),
                    ..Done::default()
                },
            },
            Case {
                name: "withdrawn in the hook after a new client secret",
                ours: &rotated,
                is_asked: true,
                secret: None,
                wanted: Withdraw,
                done: Done {
                    writes: gone.to_vec(),
                    removes: vec![OLDER],
                    ..Done::default()
                },
            },
            Case {
                name: "withdrawn, later",
                ours: &withdrawn,
                is_asked: true,
                secret: None,
                wanted: Withdraw,
                done: Done {
                    writes: vec![tidied],
                    removes: vec![OLD],
                    ..Done::default()
                },
            },
            Case {
                name: "there was nothing to withdraw",
                ours: &[],
                is_asked: true,
                secret: None,
                wanted: Withdraw,
                done: Done::default(),
            },
            Case {
                name: "given again at once: not under the label of what is about to go",
                ours: &withdrawn,
                is_asked: true,
                secret: None,
                wanted: All,
                done: Done {
                    makes: Some(after_old),
                    writes: vec![(CLIENT_ID, "c"), tidied],
                    removes: vec![OLD],
                },
            },
            Case {
                name: "kept",
                ours: &given,
                is_asked: true,
                secret: None,
                wanted: Keep,
                done: Done::default(),
            },
            Case {
                name: "kept, but for what is retired",
                ours: &rotated,
                is_asked: false,
                secret: None,
                wanted: Keep,
                done: Done {
                    writes: vec![tidied],
                    removes: vec![OLDER],
                    ..Done::default()
                },
            },
            Case {
                name: "nothing is kept",
                ours: &[],
                is_asked: true,
                secret: None,
                wanted: Keep,
                done: Done::default(),
            },
            Case {
                name: "what is published is not removed, whatever the note says",
                ours: &[given[0], given[1], (RETIRED_SECRET_ID, OLD)],
                is_asked: true,
                secret: Some(Holds::Wanted),
                wanted: All,
                done: Done {
                    writes: vec![tidied],
                    ..Done::default()
                },
            },
        ] {
            let seen = Observed {
                spares_retired: false,
                relations: vec![relation(ours, is_asked, secret)],
                left_behind: Vec::new(),
            };
            let wanted = match wanted {
                All => Wanted::Offer(&info, Some(&credentials)),
                NoCredentials => Wanted::Offer(&info, None),
                Withdraw => Wanted::Withdraw,
                Keep => Wanted::Keep,
            };
            let referred = ours
                .iter()
                .filter(|(_, value)| value.starts_with("secret:"));
            assert_eq!(seen.secrets().count(), referred.count(), "{name}: secrets");
            let plan = reconcile(&seen, |_| wanted);
            assert!(!format!("{plan:?}").contains("hunter2"), "{name}");
            assert_eq!(plan.makes_secrets(), done.makes.is_some(), "{name}");
            let is_offer = matches!(wanted, Wanted::Offer(..));
            let one = plan.relations.first();
            let writes = one.map(|one| one.changes.clone()).unwrap_or_default();
            for key in ["issuer_url", REQUIRER] {
                let is_new = ours.is_empty() && is_offer;
                assert_eq!(writes.contains_key(key), is_new, "{name}: {key}");
            }
            let keys = [CLIENT_ID, CLIENT_SECRET_ID, RETIRED_SECRET_ID];
            let mut writes = writes;
            writes.retain(|key, _| keys.contains(key));
            let secret = one.and_then(|one| one.secret.as_ref());
            assert!(
                secret.is_none_or(|secret| secret.value.expose() == "hunter2"),
                "{name}"
            );
            let found = (
                secret.map(|secret| secret.label.as_str()),
                writes.iter().map(|(key, value)| (*key, &**value)).collect(),
                plan.removals.iter().map(SecretUri::as_str).collect(),
            );
            let Done {
                makes,
                writes,
                removes,
            } = done;
            assert_eq!(found, (makes, writes, removes), "{name}");
        }
    }

    #[test]
    fn a_false_note_of_the_requirer_is_written_over_with_the_endpoints() {
        struct Case {
            name: &'static str,
            noted: Option<&'static str>,
            is_offer: bool,
            writes: Option<&'static str>,
        }
        let info = info();
        for Case {
            name,
            noted,
            is_offer,
            writes,
        } in [
            Case {
                name: "the right one",
                noted: Some("web"),
                is_offer: true,
                writes: None,
            },
            Case {
                name: "another",
                noted: Some("Not a name"),
                is_offer: true,
                writes: Some("web"),
            },
            Case {
                name: "none, as by an older provider",
                noted: None,
                is_offer: true,
                writes: Some("web"),
            },
            Case {
                name: "what is there is kept",
                noted: Some("Not a name"),
                is_offer: false,
                writes: None,
            },
        ] {
            let mut entries = info.endpoints().entries();
            entries.retain(|_, value| !value.is_empty());
            entries.extend(noted.map(|noted| (REQUIRER, noted.to_owned())));
            let ours = serde_json::from_value(serde_json::to_value(entries).unwrap());
            let mut relation = relation(&[], true, None);
            relation.ours = Some(ours.unwrap());
            let seen = Observed {
                spares_retired: false,
                relations: vec![relation],
                left_behind: Vec::new(),
            };
            let wanted = Wanted::Offer(&info, None);
            let plan = reconcile(&seen, |_| if is_offer { wanted } else { Wanted::Keep });
            let changes = plan.relations.into_iter().next().map(|one| one.changes);
            let expected = writes.map(|name| BTreeMap::from([(REQUIRER, name.to_owned())]));
            assert_eq!(changes, expected, "{name}");
        }
    }

    #[test]
    fn what_was_published_before_is_spared_until_another_takes_its_place() {
        let info = info();
        let secret = Secret::new("new".to_owned());
        let credentials = Credentials::new("client".to_owned(), secret).unwrap();
        let wanted = Wanted::Offer(&info, Some(&credentials));
        let rotated = [(CLIENT_SECRET_ID, OLD), (RETIRED_SECRET_ID, OLDER)];
        for (name, holds, removed, noted) in [
            ("nothing is new", Holds::Wanted, vec![], None),
            ("a new one", Holds::Other, vec![uri(OLDER)], Some(OLD)),
        ] {
            let seen = Observed {
                spares_retired: true,
                relations: vec![relation(&rotated, true, Some(holds))],
                left_behind: Vec::new(),
            };
            let plan = reconcile(&seen, |_| wanted);
            let changes = &plan.relations[0].changes;
            assert_eq!(plan.removals, removed, "{name}");
            assert_eq!(
                changes.get(RETIRED_SECRET_ID).map(String::as_str),
                noted,
                "{name}"
            );
        }
    }

    #[test]
    fn a_unit_that_does_not_lead_does_nothing() {
        let mut relation = relation(&[], true, None);
        relation.ours = None;
        let seen = Observed {
            spares_retired: false,
            relations: vec![relation],
            left_behind: Vec::new(),
        };
        for wanted in [Wanted::Offer(&info(), None), Wanted::Withdraw, Wanted::Keep] {
            assert!(reconcile(&seen, |_| wanted).is_empty(), "{wanted:?}");
        }
    }

    #[test]
    fn what_is_left_behind_goes_unless_it_is_about_to_be_used() {
        let credentials = Credentials::new("c".into(), Secret::new("s".into())).unwrap();
        let info = info();
        let left = |text, label: &str| LeftBehind {
            uri: uri(text),
            label: label.to_owned(),
        };
        let seen = Observed {
            spares_retired: false,
            relations: vec![relation(&[], true, None)],
            left_behind: vec![
                left(OLD, "oauth-client-secret/oauth:8"),
                left(OLDER, "oauth-client-secret/oauth:7"),
            ],
        };
        let plan = reconcile(&seen, |_| Wanted::Offer(&info, Some(&credentials)));
        assert_eq!(plan.removals, [uri(OLDER)]);
        let plan = reconcile(&seen, |_| Wanted::Keep);
        assert_eq!(plan.removals, [uri(OLD), uri(OLDER)]);
    }

    #[test]
    fn a_claim_that_is_gone_is_deleted_and_no_required_key_ever_is() {
        let info = info();
        let old = [
            ("groups", "groups"),
            ("ca_chain", "[\"PEM\"]"),
            ("mine", "1"),
        ];
        let seen = Observed {
            spares_retired: false,
            relations: vec![relation(&old, false, None)],
            left_behind: Vec::new(),
        };
        let plan = reconcile(&seen, |_| Wanted::Offer(&info, None));
        let changes = &plan.relations[0].changes;
        let gone = ["ca_chain", "groups"].map(|key| (key, String::new()));
        assert_eq!(*changes, BTreeMap::from(gone));
    }
}
