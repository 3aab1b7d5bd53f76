import { describe, expect, it } from '@jest/globals';
import { type Callers, CallersEnv, callerOf, emailOf } from '../../../lambdas/runtime/callers.ts';
import { Problem } from '../../../lambdas/runtime/problem.ts';
import { apiRequest, type Request } from '../api-requests.ts';

const SHOP = { issuer: 'https://id.example.com', audience: ['shop', 'app'] };
const STAFF = { issuer: 'https://staff.example.com', audience: ['console'], group: 'operators' };
const callers = (changes: Partial<Callers> = {}): Callers => ({
  customers: SHOP,
  operators: STAFF,
  operatorsApi: 'operators-api',
  ...changes,
});

const call = (request: Partial<Request>, who = callers()) => {
  try {
    return callerOf(apiRequest({ routeKey: 'GET /orders', ...request }), who);
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
};
const byToken = (claims: object) => ({ authorizer: { jwt: { claims } } });
const signed = (userId: string | undefined) => ({ authorizer: { iam: { userId } } });

describe('a customer with a token', () => {
  const claims = { iss: SHOP.issuer, aud: 'shop', sub: '17' };

  it.each([
    ['by the audience', claims],
    ['by one audience of several', { ...claims, aud: '[other app]' }],
    ['by the client, without an audience', { iss: SHOP.issuer, client_id: 'app', sub: '17' }],
  ])('is issuer and subject: %s', (_, given) => {
    expect(call(byToken(given))).toEqual({ callerId: 'https://id.example.com#17', isOperator: false });
  });

  it('names no other, whatever the client sends', () => {
    const headers = { 'x-customer-id': 'https://id.example.com#18' };
    expect(call({ ...byToken(claims), headers })).toMatchObject({ callerId: 'https://id.example.com#17' });
  });

  it.each([
    ['another issuer', { ...claims, iss: STAFF.issuer }],
    ['another audience, though the client fits', { ...claims, aud: 'other', client_id: 'shop' }],
    ['neither audience nor client', { iss: SHOP.issuer, sub: '17' }],
    ['no subject', { iss: SHOP.issuer, aud: 'shop' }],
    ['an empty subject', { ...claims, sub: '' }],
    ['a subject that is no text', { ...claims, sub: ['17'] }],
    ['a subject that no record has room for', { ...claims, sub: '1'.repeat(512) }],
  ])('is nobody by %s', (_, given) => {
    expect(call(byToken(given))).toBe('unauthenticated');
  });

  it.each([
    ['no authorizer', { authorizer: undefined }],
    ['an authorizer that says nothing', { authorizer: {} }],
    ['a signature', signed('AROA7:shop')],
  ])('is nobody by %s', (_, request) => {
    expect(call(request)).toBe('unauthenticated');
  });
});

describe("a customer of the shop's backend", () => {
  const backend = callers({ customers: 'backend' });
  const named = (customer: string | undefined, userId: string | undefined = 'AROA7:an-instance') =>
    call(
      { ...signed(userId), headers: customer === undefined ? {} : { 'x-customer-id': customer } },
      backend,
    );

  it('is whom the backend names', () => {
    expect(named('customer-17')).toEqual({ callerId: 'customer-17', isOperator: false });
  });

  it.each([
    ['without a name', ''],
    ['with a name that no record has room for', 'x'.repeat(513)],
  ])('is nobody %s', (_, customer) => {
    expect(named(customer)).toBe('unauthenticated');
  });

  it('is nobody where the call is not signed', () => {
    expect(named('customer-17', '')).toBe('unauthenticated');
    const token = byToken({ iss: SHOP.issuer, aud: 'shop', sub: '17' });
    expect(call({ ...token, headers: { 'x-customer-id': 'customer-17' } }, backend)).toBe('unauthenticated');
  });
});

describe('an operator', () => {
  const routeKey = 'GET /ops/orders';
  const claims = { iss: STAFF.issuer, aud: 'console', sub: 'ada', 'cognito:groups': '[support operators]' };

  it.each([
    ['Cognito’s claim', claims],
    ['the claim of others', { ...claims, 'cognito:groups': undefined, groups: 'operators' }],
  ])('belongs to the group by %s', (_, given) => {
    expect(call({ routeKey, ...byToken(given) })).toEqual({
      callerId: 'https://staff.example.com#ada',
      isOperator: true,
    });
  });

  it.each([
    ['no group', { ...claims, 'cognito:groups': undefined }],
    ['others', { ...claims, 'cognito:groups': '[support operators-of-nothing]' }],
  ])('is none by %s', (_, given) => {
    expect(call({ routeKey, ...byToken(given) })).toBe('not-an-operator');
  });

  it('is nobody by a token of customers, whatever groups it names', () => {
    expect(call({ routeKey, ...byToken({ ...claims, iss: SHOP.issuer, aud: 'shop' }) })).toBe(
      'unauthenticated',
    );
  });

  it('who signs is the principal, and of a role the role', () => {
    const iam = callers({ operators: 'iam' });
    expect(call({ routeKey, ...signed('AIDA7') }, iam)).toEqual({ callerId: 'AIDA7', isOperator: true });
    expect(call({ routeKey, ...signed('AROA7:ada@example.com') }, iam)).toEqual({
      callerId: 'AROA7',
      session: 'ada@example.com',
      isOperator: true,
    });
    for (const userId of [undefined, '', ':ada@example.com'])
      expect(call({ routeKey, ...signed(userId) }, iam)).toBe('unauthenticated');
  });

  it('comes by the API of operators', () => {
    expect(call({ routeKey, ...byToken(claims), apiId: 'customers-api' })).toBe('not-an-operator');
  });
});

it.each([
  ['no JSON', 'x'],
  ['customers of no kind', '{"customers":"all","operators":"iam","operatorsApi":"a"}'],
  [
    'an audience of nobody',
    '{"customers":{"issuer":"i","audience":[]},"operators":"iam","operatorsApi":"a"}',
  ],
  [
    'a group without a name',
    '{"customers":"backend","operators":{"issuer":"i","audience":["a"]},"operatorsApi":"a"}',
  ],
])('a function is not started with %s', (_, text) => {
  expect(CallersEnv.safeParse({ CALLERS: text }).success).toBe(false);
});

describe('where mail goes', () => {
  const claims = { iss: SHOP.issuer, aud: 'shop', sub: '17', email: 'ada@example.com' };
  const ofToken = (given: object, headers = {}) =>
    emailOf(apiRequest({ routeKey: 'POST /orders', headers, ...byToken(given) }), callers());
  const ofBackend = (email: string | undefined) =>
    emailOf(
      apiRequest({
        routeKey: 'POST /orders',
        headers: email === undefined ? {} : { 'x-customer-email': email },
      }),
      callers({ customers: 'backend' }),
    );

  it.each([
    ['with a word that it is theirs', { email_verified: 'true' }],
    ['without such a word', {}],
  ])("is what a customer's token says, %s", (_, said) => {
    expect(ofToken({ ...claims, ...said })).toBe('ada@example.com');
  });

  it.each([
    ['an address that is not theirs yet', { email_verified: 'false' }],
    ['none', { email: undefined }],
    ['what is no address', { email: 'ada' }],
    ['several', { email: 'ada@example.com,grace@example.com' }],
  ])('is nowhere where a token names %s', (_, said) => {
    expect(ofToken({ ...claims, ...said })).toBeUndefined();
  });

  it('is not for a customer with a token to say', () => {
    expect(ofToken(claims, { 'x-customer-email': 'grace@example.com' })).toBe('ada@example.com');
  });

  it("is what the shop's backend says, where it says so", () => {
    expect(ofBackend('ada+shop@xn--mgbh0fb.example')).toBe('ada+shop@xn--mgbh0fb.example');
    expect(ofBackend(undefined)).toBeUndefined();
  });

  it.each([
    '',
    'ada',
    'ada@localhost',
    'ada@-example.com',
    'Ada <ada@example.com>',
    'ada@example.com, grace@example.com',
    'ädä@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a.'.repeat(125)}com`,
  ])('is refused where the backend says %p', (email) => {
    const refused = new Problem('invalid-fields', 'the X-Customer-Email header is not valid');
    expect(() => ofBackend(email)).toThrow(refused);
  });
});
