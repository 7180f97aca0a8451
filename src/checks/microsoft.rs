//! The tenant of Entra ID.

use external_provider::{Shape, plain_scalar};

use super::entra::TENANT;
use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::tenant::Tenant;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    tenant(subject).into_iter().collect()
}

/// What is wrong with the tenant.
fn tenant(subject: &Subject<'_>) -> Option<Finding> {
    let tenant = subject.settings.microsoft_tenant_id.as_deref();
    let tenant = tenant.filter(|_| subject.kind.shape() == Shape::Microsoft)?;
    let tenant = plain_scalar::meant(tenant);
    let client_id = subject.settings.client_id.as_deref();
    let is_client_id =
        client_id.is_some_and(|id| plain_scalar::meant(id).eq_ignore_ascii_case(&tenant));
    let (code, problem, fix) = if is_client_id {
        (
            Code::TenantIsClientId,
            "this is the client id, not the tenant id",
            Fix::set(TENANT),
        )
    } else if tenant.to_ascii_lowercase().ends_with(".ciamlogin.com") {
        // External ID has an issuer for each tenant, which the kind microsoft does not use.
        (
            Code::TenantOfExternalId,
            "Entra External ID works as generic only, with its own issuer",
            Fix::as_generic(
                "https://<Directory (tenant) ID>.ciamlogin.com/<Directory (tenant) ID>/v2.0",
            ),
        )
    } else if Tenant::parse(&tenant).is_none() {
        (
            Code::TenantMalformed,
            "must be common, organizations, consumers, a GUID or a domain",
            Fix::set(TENANT),
        )
    } else {
        return None;
    };
    Some(Finding::new(code, "microsoft_tenant_id", problem, fix))
}
