// An OpenID provider for the tests of signing in: npm's oidc-provider, told by the command line.
//
//   node provider.mjs PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI
//
// Whoever types a login name becomes that account, in the provider's own development pages. The
// name is also the claim "number". Tokens are signed with keys made here, for this process.

import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";

const [port, clientId, clientSecret, redirectUri] = process.argv.slice(2);

function key(kid) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  claims: { openid: ["sub", "number"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["a key for the tests"] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: `subject-${id}`, number: id }),
  }),
  jwks: { keys: [key("first")] },
  pkce: { required: () => true },
  ttl: { AuthorizationCode: 60, IdToken: 600, Session: 3600, Interaction: 600, Grant: 3600 },
});

provider.listen(Number(port), "127.0.0.1", () => console.log(`ready ${issuer}`));
