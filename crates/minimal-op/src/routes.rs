//! Which path is answered by what.

use crate::dialect::Quirk;
use crate::reply::Reply;
use crate::request::Request;
use crate::service::OidcService;
use crate::{authorize, login, token_endpoint, userinfo_endpoint};

/// What answers a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Start,
    Login,
    Discovery,
    Keys,
    Authorize,
    Token,
    UserInfo,
}

impl Route {
    fn of(service: &OidcService, path: &str) -> Option<Self> {
        let is_discovered = !service.dialect.has(Quirk::NoDiscovery);
        Some(match path.strip_prefix(&service.path(""))? {
            "/" => Self::Start,
            "/login" => Self::Login,
            "/.well-known/openid-configuration" if is_discovered => Self::Discovery,
            "/.well-known/jwks.json" if is_discovered => Self::Keys,
            "/auth/openid/login" => Self::Authorize,
            "/auth/openid/token" => Self::Token,
            "/auth/openid/userinfo" => Self::UserInfo,
            other => {
                let (login, token) = service.dialect.row().paths?;
                match other {
                    _ if other == login => Self::Authorize,
                    _ if other == token => Self::Token,
                    _ => return None,
                }
            }
        })
    }

    /// The methods that a path has. HEAD is none of them: Gafaelfawr answers it with 405 as well.
    fn methods(self) -> &'static str {
        match self {
            Self::Token => "POST",
            Self::Login => "GET, POST",
            _ => "GET",
        }
    }
}

impl OidcService {
    /// Answers a request, whatever it is.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Reply {
        let Some(route) = Route::of(self, &request.path) else {
            return Reply::text_detail(404, "Not Found");
        };
        let mut methods = route.methods().split(", ");
        if !methods.any(|method| method == request.method) {
            return Reply::text_detail(405, "Method Not Allowed").with("allow", route.methods());
        }
        match route {
            Route::Start => login::start(self, request),
            Route::Login if request.method == "POST" => login::submit(self, request),
            Route::Login => login::show(self, request),
            Route::Discovery => Reply::json(200, &self.openid_configuration()),
            Route::Keys => Reply::json(200, &self.jwks()),
            Route::Authorize => authorize::answer(self, request),
            Route::Token => token_endpoint::answer(self, request),
            Route::UserInfo => userinfo_endpoint::answer(self, request),
        }
    }
}
