//! What Charmed Kratos does where no mapper is set, played by programs of our own.
//!
//! From what its mappers do, as seen: they take the address only where it is verified, but for
//! Entra ID; and they look at `phone_number_verified` wherever there is a number, although
//! Kratos leaves it out if it is false, so such a user cannot log in.

use external_provider::Kind;

/// The claims that become traits as they are.
const PLAIN: &str = "['name', 'given_name', 'family_name', 'last_name', 'middle_name', \
                     'nickname', 'preferred_username', 'profile', 'picture', 'website', \
                     'gender', 'birthdate', 'zoneinfo', 'locale']";

/// A mapper that does what Charmed Kratos' own does for a provider of this kind.
#[must_use]
pub(super) fn mapper(kind: Kind) -> String {
    let address = if kind == Kind::Microsoft {
        "'email' in claims"
    } else {
        "'email' in claims && 'email_verified' in claims && claims.email_verified"
    };
    format!(
        "local claims = std.extVar('claims');
{{
  identity: {{
    traits: {{ [name]: claims[name] for name in {PLAIN} if name in claims }} + {{
      [if {address} then 'email']: claims.email,
      [if 'phone_number' in claims && claims.phone_number_verified then 'phone_number']:
        claims.phone_number,
    }},
  }},
}}
"
    )
}
