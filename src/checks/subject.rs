//! What a check looks at.

use std::collections::BTreeMap;

use doctor::mapper::SyntaxError;
use external_provider::{Kind, Settings, Shape, plain_scalar};
use juju_hook::Secret;

use super::url::Url;

/// What the doctor says about mappers, by their text. One that is missing here was not checked.
pub type Mappers = BTreeMap<String, Result<(), SyntaxError>>;

/// What a check looks at.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    /// The kind of the provider.
    pub(super) kind: Kind,
    /// What is set for it, by the administrator and by `config.yaml`.
    pub(super) settings: &'a Settings,
    /// The secret that the kind needs, and the option that it comes from; `None` if the option is
    /// unset, or the content of the user secret is not known.
    pub(super) secret: Option<(&'static str, &'a Secret)>,
    /// Why its mapper is not valid Jsonnet.
    pub(super) mapper: Option<&'a SyntaxError>,
}

impl Subject<'_> {
    /// The values that are one line long. A PEM key and a mapper have more lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let options = [
            "client_id",
            "issuer_url",
            "microsoft_tenant_id",
            "apple_team_id",
            "apple_private_key_id",
            "provider_id",
            "label",
            "scope",
        ];
        let secret = self
            .secret
            .filter(|(option, _)| *option == "client_secret")
            .map(|(option, secret)| (option, secret.expose()));
        options
            .into_iter()
            .filter_map(|option| Some((option, self.settings.get(option)?)))
            .chain(secret)
    }

    /// Whether it is a generic provider with such an issuer.
    pub(super) fn has_issuer(&self, is_such: impl Fn(&Url<'_>) -> bool) -> bool {
        let issuer = self.settings.issuer_url.as_deref();
        let issuer = issuer.filter(|_| self.kind.shape() == Shape::Generic);
        let issuer = issuer.map(plain_scalar::meant);
        let url = issuer.as_deref().and_then(Url::parse);
        url.is_some_and(|url| is_such(&url))
    }

    /// Whether Kratos asks the provider for `scope`, by configuration or by default.
    pub(super) fn asks_for(&self, scope: &str) -> bool {
        self.settings.scopes(self.kind).any(|one| one == scope)
    }
}
