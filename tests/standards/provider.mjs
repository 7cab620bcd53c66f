// An OIDC provider as other people make it (npm: oidc-provider), for tests/standards/provider.py: on loopback, with
// invented accounts, a desk that signs people in, and a machine. Its login and consent forms are its own.
//
//   QORGAU_NODE_MODULES=… node provider.mjs FD ISSUER RETURNS_TO     FD: a listening socket
//
// SIGHUP: new keys sign from now on, and the old ones are known no more.

import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const library = join(process.env.QORGAU_NODE_MODULES, 'oidc-provider', 'lib', 'index.js');
const { Provider, errors } = await import(pathToFileURL(library).href);
const [fd, issuer, returnsTo] = process.argv.slice(2);

const NAMES = {
  aigerim: 'Айгерим Сейтова', // who works at the shelter
  stranger: 'Нұрлан Омаров', // of a group that nobody mapped
  both: 'Екі Ұйым', // of two organisations' groups
};
const GROUPS = {
  aigerim: ['everyone', 'alatau-staff'],
  stranger: ['everyone'],
  both: ['alatau-staff', 'talgar-staff'],
  'alatau-beds': ['alatau-machines'],
};
// The API by its address, as a client asks for it (RFC 8707), and tokens that must not open it.
const RESOURCES = {
  'https://api.qorgau.invalid': 'qorgau',
  'https://old.qorgau.invalid': 'qorgau', // tokens for it have expired
  'https://other.invalid': 'another-service',
};

const signs = () => ['rsa', 'ec'].map((kind) => {
  const { privateKey } = generateKeyPairSync(kind, { modulusLength: 2048, namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig' };
});

const provider = () => new Provider(issuer, {
  jwks: { keys: signs() },
  cookies: { keys: ['invented'] },
  conformIdTokenClaims: false, // the name in the ID token, as most providers have it
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (_, id) => NAMES[id] && { accountId: id, claims: () => ({ sub: id, name: NAMES[id] }) },
  extraTokenClaims: (_, token) => ({ realm: { groups: GROUPS[token.accountId ?? token.clientId] } }),
  features: {
    clientCredentials: { enabled: true },
    resourceIndicators: {
      getResourceServerInfo: (_, address) => {
        if (!(address in RESOURCES)) throw new errors.InvalidTarget();
        return { audience: RESOURCES[address], scope: '', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
      },
    },
  },
  formats: {
    customizers: {
      jwt: (_, token, jwt) => {
        if (token.resourceServer.identifier() === 'https://old.qorgau.invalid') jwt.payload.exp -= 3600;
      },
    },
  },
  ttl: { AccessToken: 600, ClientCredentials: 600, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  clients: [
    { client_id: 'qorgau-desk', token_endpoint_auth_method: 'none', redirect_uris: [returnsTo] },
    {
      client_id: 'alatau-beds',
      client_secret: 'invented-secret-of-a-machine',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ],
});

let answer = provider().callback();
http.createServer((request, response) => answer(request, response)).listen({ fd: Number(fd) });
process.on('SIGHUP', () => { answer = provider().callback(); });
