// Takes the e-mail address although the provider does not say that it is
// verified. Only for a provider whose addresses nobody can choose freely.
local claims = std.extVar('claims');
local wanted = ['email', 'name', 'given_name', 'family_name', 'preferred_username'];

{
  identity: {
    traits: {
      [claim]: claims[claim]
      for claim in wanted
      if claim in claims
    },
  },
}
