// An OpenID provider made of the npm package oidc-provider, for tests/peers/providers.py.
//
//     node panva.mjs NODE_MODULES PORT REDIRECT_URI [pkce]
//
// Its clients are called after how they authenticate, and have the secrets that providers.py
// knows. With `pkce` no login goes without.

import { pathToFileURL } from 'node:url';

const [modules, port, redirectUri, pkce] = process.argv.slice(2);
// By its path, because it is installed elsewhere.
const module = pathToFileURL(`${modules}/oidc-provider/lib/index.js`);
const { default: Provider } = await import(module);

const clients = ['client_secret_basic', 'client_secret_post'].map((method) => ({
  client_id: method,
  client_secret: `the secret of ${method}: 100 %41+&`,
  redirect_uris: [redirectUri],
  token_endpoint_auth_method: method,
}));
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients,
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  pkce: { required: () => pkce === 'pkce' },
});
provider.listen(Number(port), '127.0.0.1');
