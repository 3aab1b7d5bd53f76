import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { OrderSagaStack } from '../../lib/order-saga-stack.ts';
import { configurationFrom } from '../../lib/stage.ts';
import { type LocalStack, startStack } from '../../local/stack.ts';
import { MUG } from '../../testbed/shop.ts';
import { parseTemplate, root } from '../lib/templates.ts';

const SHOP = 'https://id.example.com';
const STAFF = 'https://staff.example.com';
const ORIGIN = 'https://shop.example.com';
const PROBLEM = 'urn:order-saga:problem:';

/** The stack as it is with issuers for both, and a page of another origin. */
const assembled = () => {
  const outdir = join(root, '.build/authorizers');
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: { 'aws:cdk:enable-asset-metadata': true, '@aws-cdk/core:validateAgainstDefaultRules': false },
  });
  const { stackName } = new OrderSagaStack(
    app,
    configurationFrom({
      customerIssuer: SHOP,
      customerAudience: 'shop',
      operatorIssuer: STAFF,
      operatorAudience: 'console',
      operatorGroup: 'operators',
      corsOrigins: ORIGIN,
    }),
  );
  app.synth();
  const { template } = parseTemplate(join(outdir, `${stackName}.template.json`));
  return { stackName, template, directory: outdir };
};

let stack: LocalStack;
beforeAll(async () => {
  stack = await startStack({ assembly: assembled(), products: [MUG], auth: true });
}, 60_000);
afterAll(() => stack.close());

const ask = async (
  audience: 'customers' | 'operators',
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body?: object,
) => {
  const [method = '', path = ''] = target.split(' ');
  const response = await stack.apis[audience].handle({
    method,
    url: new URL(path, 'http://any'),
    headers,
    body: Buffer.from(body ? JSON.stringify(body) : ''),
  });
  return { ...response, body: response.body === '' ? undefined : JSON.parse(String(response.body)) };
};

const now = Math.floor(Date.now() / 1_000);
type Claims = Readonly<Record<string, unknown>>;
const customer = (claims: Claims = {}, name = 'ada') => stack.apis.customers.authorizationOf(name, claims);
const listed = async (authorization: string) => ask('customers', 'GET /orders', { authorization });

describe('a customer', () => {
  it.each<[string, Claims]>([
    ['an id token', {}],
    ['an access token', { aud: undefined, client_id: 'shop' }],
    ['a token for several', { aud: ['other', 'shop'] }],
  ])('is let in by %s', async (_, claims) => {
    await expect(listed(await customer(claims))).resolves.toMatchObject({
      status: 200,
      body: { orders: [] },
    });
  });

  it('may leave out the word Bearer', async () => {
    const token = (await customer()).replace('Bearer ', '');
    await expect(listed(token)).resolves.toMatchObject({ status: 200 });
  });

  it('without a token is refused by the gateway, as on AWS', async () => {
    await expect(ask('customers', 'GET /orders')).resolves.toEqual({
      status: 401,
      headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
      body: { message: 'Unauthorized' },
    });
  });

  it('with a token for others is told so', async () => {
    for (const claims of [
      { aud: 'other' },
      { aud: 'other', client_id: 'shop' },
      { aud: undefined, client_id: 'other' },
    ])
      await expect(listed(await customer(claims))).resolves.toMatchObject({
        status: 401,
        headers: {
          'www-authenticate':
            'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"',
        },
      });
  });

  const claims = { iss: SHOP, client_id: 'shop', sub: 'ada', iat: now, exp: now + 60 };
  it.each<[string, () => Promise<string> | string]>([
    ['that has run out', () => customer({ exp: now - 1 })],
    ['that never runs out', () => customer({ exp: undefined })],
    ['that is not good yet', () => customer({ nbf: now + 60 })],
    ['that is issued in the future', () => customer({ iat: now + 60 })],
    ['of another issuer', () => customer({ iss: 'https://id.example.org' })],
    ['of operators', () => customer({ iss: STAFF, aud: 'console' })],
    ['that nobody has signed (alg: none)', () => new UnsecuredJWT(claims).encode()],
    [
      'that is signed by another key of the same name',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'local' }).sign(privateKey);
      },
    ],
    [
      'that is signed by the public key, as if that were a secret',
      async () => {
        const { publicKey } = await generateKeyPair('RS256');
        const secret = new TextEncoder().encode(await exportSPKI(publicKey));
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'local' }).sign(secret);
      },
    ],
    ['that was changed', async () => (await customer()).replace(/\.[^.]+\./, `.${btoa('{"sub":"grace"}')}.`)],
    ['that is none', () => 'Bearer x.y.z'],
    ['in the place of which a password is', () => 'Basic YWRhOng='],
    ['in the place of which a signature is', () => 'AWS4-HMAC-SHA256 Credential=x/y/z'],
  ])('with a token %s is refused by the gateway', async (_, token) => {
    await expect(listed(await token())).resolves.toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer scope="" error="invalid_token"' },
      body: { message: 'Unauthorized' },
    });
  });

  it('with a token of nobody is refused by the function', async () => {
    await expect(listed(await customer({ sub: undefined }))).resolves.toMatchObject({
      status: 401,
      body: { type: `${PROBLEM}unauthenticated` },
    });
  });

  it('sees no order of another', async () => {
    const order = {
      items: [{ sku: 'MUG', quantity: 1 }],
      paymentMethod: 'pm_card_visa',
      shippingAddress: {
        name: 'Ada Lovelace',
        line1: 'Invalidenstr. 116',
        city: 'Berlin',
        postalCode: '10115',
        country: 'DE',
      },
    };
    const headers = { authorization: await customer(), 'content-type': 'application/json' };
    const { status, body } = await ask('customers', 'POST /orders', headers, order);
    expect(status).toBe(202);
    const seen = async (authorization: string) =>
      (await ask('customers', `GET /orders/${body.orderId}`, { authorization })).status;
    expect(await seen(await customer())).toBe(200);
    expect(await seen(await customer({}, 'grace'))).toBe(404);
    // Of the same name, by another issuer, there is nobody.
    expect(await seen(await customer({ iss: STAFF }))).toBe(401);
    while (stack.underWay() > 0) await new Promise((soon) => setTimeout(soon, 20));
  });
});

describe('an operator', () => {
  const asked = async (claims: Claims) =>
    ask('operators', 'GET /ops/orders', {
      authorization: await stack.apis.operators.authorizationOf('ada', claims),
    });

  it.each([{ 'cognito:groups': ['support', 'operators'] }, { groups: ['operators'] }])(
    'is let in as one of the group: %j',
    async (claims) => {
      await expect(asked(claims)).resolves.toMatchObject({ status: 200 });
    },
  );

  it.each([
    {},
    { groups: [] },
    { groups: ['support'] },
    { 'cognito:groups': ['support'], groups: ['operators'] },
  ])('is none by other groups: %j', async (claims) => {
    await expect(asked(claims)).resolves.toMatchObject({
      status: 403,
      body: { type: `${PROBLEM}not-an-operator` },
    });
  });

  it('is none by a token of customers, nor without one', async () => {
    const authorization = await customer({ groups: ['operators'] });
    for (const headers of [{ authorization }, {}])
      await expect(ask('operators', 'GET /ops/orders', headers)).resolves.toMatchObject({
        status: 401,
        body: { message: 'Unauthorized' },
      });
  });

  it('is on record by issuer and subject', async () => {
    const authorization = await stack.apis.operators.authorizationOf('ada', { groups: ['operators'] });
    await ask('operators', 'POST /ops/reconcile', { authorization });
    const { body } = await ask('operators', 'GET /ops/actions', { authorization });
    expect(body.actions).toMatchObject([{ action: 'POST /ops/reconcile', by: `${STAFF}#ada` }]);
  });
});

describe('a page', () => {
  const preflight = (origin: string) =>
    ask('customers', 'OPTIONS /orders', { origin, 'access-control-request-method': 'POST' });

  it('of a configured origin may call, which it asks without a token', async () => {
    await expect(preflight(ORIGIN)).resolves.toEqual({
      status: 204,
      headers: {
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,content-type,idempotency-key,x-correlation-id',
        'access-control-expose-headers': 'location,x-correlation-id',
        'access-control-max-age': '3600',
      },
    });
    const { headers } = await ask('customers', 'GET /orders', {
      authorization: await customer(),
      origin: ORIGIN,
    });
    expect(headers).toMatchObject({ 'access-control-allow-origin': ORIGIN });
  });

  it('of another origin may not', async () => {
    await expect(preflight('https://shop.example.org')).resolves.toEqual({ status: 204, headers: {} });
    const { headers } = await ask('customers', 'GET /orders', {
      authorization: await customer(),
      origin: 'https://shop.example.org',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('may not call the operators’ API, which knows no origins', async () => {
    const answer = await ask('operators', 'OPTIONS /ops/orders', {
      origin: ORIGIN,
      'access-control-request-method': 'GET',
    });
    expect(answer.status).toBe(404);
  });
});
