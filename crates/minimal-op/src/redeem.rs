//! A code against tokens.

use crate::answers::IssuedTokens;
use crate::dialect::Quirk;
use crate::redemption::{Step, TokenRequest};
use crate::registry::{Client, User};
use crate::return_uri;
use crate::secret::Digest;
use crate::service::{OidcService, SCOPES, SESSION_LIFETIME};
use crate::ticket::{Ticket, TicketKind};
use crate::tickets::{AccessContent, CodeContent, SessionContent};
use crate::token_error::{CodeFault, TokenError};
use crate::tokens::TokenClaims;

impl OidcService {
    /// Redeems a code, and forgets it.
    ///
    /// The dialect says what is checked, in which order. A code is forgotten when it is redeemed,
    /// and not when a request fails: then who has the secret can still redeem it, as at Gafaelfawr.
    ///
    /// # Errors
    ///
    /// The first check that fails, or whatever kept the tokens from being made.
    pub fn redeem_code(&self, request: &TokenRequest) -> Result<IssuedTokens, TokenError> {
        for step in self.dialect.row().steps {
            self.check(*step, request)?;
        }
        if self.dialect.has(Quirk::ServesAnyone) {
            return self.serve_anyone(request);
        }
        let code = code(request)?;
        let found = self.tickets.find::<CodeContent>(&code)?.content;
        let (user, expires_at) = self.user_of_code(&found)?;
        let claims = TokenClaims {
            client_id: found.client_id,
            scopes: found.scopes,
            nonce: found.nonce,
            jti: code.key().to_owned(),
            expires_at,
        };
        let issued = self.tokens(user, &claims)?;
        // Of two who redeem it at once, one finds it gone, and the tokens made for them stay here.
        if !self.tickets.remove(&code)? {
            return Err(CodeFault::Unknown.into());
        }
        Ok(issued)
    }

    fn tokens(&self, user: &User, claims: &TokenClaims) -> Result<IssuedTokens, TokenError> {
        let id_token = self.issue_token(user, claims)?;
        let content = AccessContent {
            username: user.username.clone(),
        };
        let access_token =
            self.tickets
                .issue(TicketKind::AccessToken, &content, claims.expires_at)?;
        let now = self.tickets.clock.now();
        Ok(IssuedTokens {
            access_token: access_token.whole(),
            id_token,
            expires_in: claims.expires_at.saturating_sub(now),
            scope: claims.scopes.join(" "),
        })
    }

    /// Tokens for who asks for them: of whoever logged in for the code, with their nonce, or else
    /// of the first user.
    fn serve_anyone(&self, request: &TokenRequest) -> Result<IssuedTokens, TokenError> {
        let made_up = User {
            username: "anyone".to_owned(),
            ..User::default()
        };
        let known = code(request).and_then(|code| self.tickets.find::<CodeContent>(&code));
        let known = known.ok().map(|found| found.content);
        let who = known.as_ref().and_then(|code| self.user_of_code(code).ok());
        let user = who.map(|(user, _)| user).or(self.users.first());
        let claims = TokenClaims {
            client_id: request.client_id.clone().unwrap_or_default(),
            scopes: SCOPES.map(str::to_owned).to_vec(),
            nonce: known.and_then(|code| code.nonce),
            jti: "anyone".to_owned(),
            expires_at: self.tickets.clock.now() + SESSION_LIFETIME,
        };
        self.tokens(user.unwrap_or(&made_up), &claims)
    }

    fn check(&self, step: Step, request: &TokenRequest) -> Result<(), TokenError> {
        match step {
            Step::Parameters => {
                let TokenRequest {
                    grant_type,
                    client_id,
                    redirect_uri,
                    code,
                    ..
                } = request;
                let given = [grant_type, client_id, redirect_uri].map(Option::is_some);
                let is_whole = given == [true; 3] && code.is_some();
                is_whole.then_some(()).ok_or(TokenError::MissingParameter)
            }
            Step::GrantType => match request.grant_type.as_deref() {
                Some("authorization_code") => Ok(()),
                other => {
                    let other = other.unwrap_or_default().to_owned();
                    Err(TokenError::UnsupportedGrantType(other))
                }
            },
            Step::CodeForm => code(request)
                .map(drop)
                .map_err(|_| TokenError::MalformedCode),
            Step::CodeKnown => {
                let code = code(request)?;
                self.tickets.find::<CodeContent>(&code).map(drop)
            }
            Step::SecretGiven => match request.client_secret {
                Some(_) => Ok(()),
                None => Err(TokenError::NoSecret),
            },
            Step::Client => self.client_of(request).map(drop),
            Step::Method => {
                let client = self.client_of(request)?;
                let is_registered = client.auth == request.auth;
                let wrong = || TokenError::WrongMethod(client.id.clone());
                is_registered.then_some(()).ok_or_else(wrong)
            }
            Step::Secret => {
                let client = self.client_of(request)?;
                let secret = request.client_secret.as_ref().ok_or(TokenError::NoSecret)?;
                let is_right = client.secret.is_of(secret.expose());
                let wrong = || TokenError::WrongSecret(client.id.clone());
                is_right.then_some(()).ok_or_else(wrong)
            }
            Step::ReturnUri => {
                let client = self.client_of(request)?;
                // Who may leave it out is for `Step::Parameters` to say.
                let given = request.redirect_uri.as_deref();
                let is_right =
                    given.is_none_or(|given| return_uri::matches(&client.return_uri, given));
                is_right.then_some(()).ok_or(TokenError::ReturnUri)
            }
            Step::Code => self.check_code(request),
        }
    }

    fn check_code(&self, request: &TokenRequest) -> Result<(), TokenError> {
        let code = code(request)?;
        let found = self.tickets.find::<CodeContent>(&code)?.content;
        if request.client_id.as_ref() != Some(&found.client_id) {
            return Err(CodeFault::OtherClient.into());
        }
        let given = request.redirect_uri.as_ref();
        if given.is_some_and(|given| *given != found.redirect_uri) {
            return Err(CodeFault::OtherReturnUri.into());
        }
        if self.dialect.has(Quirk::NeedsPkce) && !has_verifier(request, &found) {
            return Err(CodeFault::WrongVerifier.into());
        }
        self.user_of_code(&found).map(drop)
    }

    fn client_of(&self, request: &TokenRequest) -> Result<&Client, TokenError> {
        // A request without an id has not even begun to authenticate.
        let id = request.client_id.as_ref().ok_or(TokenError::NoSecret)?;
        let client = self.client(id);
        client.ok_or_else(|| TokenError::UnknownClient(id.clone()))
    }

    /// Who logged in for a code, and until when.
    fn user_of_code(&self, code: &CodeContent) -> Result<(&User, u64), TokenError> {
        let session = self
            .tickets
            .find_by_key::<SessionContent>(TicketKind::Session, &code.session);
        let session = match session {
            // The same words about another ticket would mislead.
            Err(TokenError::Code(_)) => return Err(CodeFault::SessionGone.into()),
            other => other?,
        };
        let user = self.user(&session.content.username);
        Ok((user.ok_or(CodeFault::SessionGone)?, session.expires_at))
    }
}

/// The code of a request. One that is missing or malformed cannot be known.
fn code(request: &TokenRequest) -> Result<Ticket, TokenError> {
    let text = request.code.as_ref().map_or("", |code| code.expose());
    Ticket::parse(TicketKind::Code, text).ok_or(CodeFault::Unknown.into())
}

/// Whether the verifier is what the challenge was made of (RFC 7636, 4.6).
fn has_verifier(request: &TokenRequest, code: &CodeContent) -> bool {
    let challenge = code.code_challenge.as_deref().and_then(Digest::from_base64);
    let verifier = request.code_verifier.as_ref();
    challenge
        .zip(verifier)
        .is_some_and(|(challenge, verifier)| challenge.is_of(verifier.expose()))
}
