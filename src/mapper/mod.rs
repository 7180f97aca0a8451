//! Trying a mapper out: what would Kratos store of a user?

mod charmed;
mod claims;
mod trial;

pub use self::claims::{ClaimsError, handed_over, sample_claims};
pub use self::trial::{DryRun, Outcome, Trial, TrialError, dry_run};
