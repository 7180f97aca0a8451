//! The provider half: what to do is decided by a pure function, from what Juju shows.
//!
//! In each hook: [`Relations::read`] and [`Relations::observe`] ask Juju, [`Observed::compare`] asks
//! about secrets, [`reconcile()`] decides, and [`apply()`] writes. In some, [`Observed::sweep`] looks
//! for secrets that were left behind. [`settle`] is all of them in a row.
//!
//! The event hardly matters, and so no order of events leaves a requirer without credentials: the
//! Python library writes them only when the requirer's data arrives after the provider's endpoints.
//!
//! # The client secret
//!
//! It is in a Juju secret of the application, one for each relation, whose URI is in the databag. A
//! new client secret goes into a new Juju secret with a new URI: only a change of the databag
//! makes older requirers look (they track a revision, and none of them observes secret-changed). The
//! old secret stays until a later hook, so that a requirer that has not heard yet can still read
//! it. Until then its URI is in the databag, too, under a key of our own.
//!
//! A second key of our own, beside that, is the name of the requirer's application. With it, a leader
//! knows whose databag to ask for in a hook of another relation.
//!
//! A secret's label is `oauth-client-secret/<relation>`, and if it replaces another, that one's id
//! after it.

mod apply;
mod observed;
mod plan;
mod reconcile;

pub use self::apply::{apply, settle};
pub use self::observed::{Holds, LeftBehind, Observed, Relation, Relations, is_sweep_due};
pub use self::plan::{NewSecret, Plan, RelationPlan, Wanted};
pub use self::reconcile::{reconcile, withdraw};
