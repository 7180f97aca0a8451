//! Trying a mapper out: what would Kratos store of a user?

mod charmed;
mod claims;
mod report;

pub use self::charmed::mapper as charmed_mapper;
pub use self::claims::{ClaimsError, handed_over, sample_claims};
pub use self::report::{DryRun, Outcome, Trial, TrialError, dry_run};

/// The option that holds the mapper.
const OPTION: &str = "jsonnet_mapper";
