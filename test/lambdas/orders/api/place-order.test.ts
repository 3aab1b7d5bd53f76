import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../../lambdas/orders/api/place-order.ts';
import { openedAt } from '../../../../lambdas/orders/order.ts';
import { stepFunctions } from '../../../../lambdas/runtime/step-functions.ts';
import { apiRequest, ask, type Request } from '../../api-requests.ts';
import { logLinesOf } from '../../log-lines.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';

const shippingAddress = {
  name: 'Ada Lovelace',
  line1: 'Invalidenstr. 116',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
};
const body = { items: [{ sku: 'MUG', quantity: 2 }], paymentMethod: 'pm_card_visa', shippingAddress };
const line = body.items[0];

const engine = mockClient(stepFunctions);
let tables: TablesInMemory;

beforeEach(() => {
  engine.reset();
  engine.on(StartExecutionCommand).resolves({});
  tables = tablesInMemory({ Orders: 'orderId', PersonalData: 'orderId', Catalogue: 'sku' });
  tables.seed(
    'Catalogue',
    { sku: 'MUG', name: 'Mug', unitPriceCents: 1250, currency: 'EUR' },
    { sku: 'TEA', name: 'Tea', unitPriceCents: 399, currency: 'EUR' },
    { sku: 'BOURBON', name: 'Bourbon', unitPriceCents: 4000, currency: 'USD' },
  );
});

const place = (request: Partial<Request> = {}) =>
  ask(handler, apiRequest({ routeKey: 'POST /orders', body, ...request }));
const placeWithKey = (key: string, request: Partial<Request> = {}) =>
  place({ ...request, headers: { 'idempotency-key': key, ...request.headers } });
const starts = () => engine.commandCalls(StartExecutionCommand).map(({ args: [{ input }] }) => input);
const nothingHasHappened = () => {
  expect(tables.rowsOf('Orders')).toEqual([]);
  expect(tables.rowsOf('PersonalData')).toEqual([]);
  expect(starts()).toEqual([]);
};

describe('an order', () => {
  it('is accepted, recorded at the prices of the catalogue, and started', async () => {
    const items = [...body.items, { sku: 'TEA', quantity: 3 }];
    const answer = await place({ body: { ...body, items }, headers: { 'x-correlation-id': 'corr-1' } });
    const { orderId } = answer.body;
    expect(orderId).toMatch(/^ord_[0-9a-f]{26}$/);
    expect(answer).toMatchObject({ status: 202, headers: { location: `/orders/${orderId}` } });
    expect(answer.body).toEqual({
      orderId,
      correlationId: 'corr-1',
      status: 'PENDING',
      totalCents: 3697,
      currency: 'EUR',
    });
    const placed = {
      orderId,
      customerId: 'customer-1',
      correlationId: 'corr-1',
      items: [
        { sku: 'MUG', quantity: 2, unitPriceCents: 1250 },
        { sku: 'TEA', quantity: 3, unitPriceCents: 399 },
      ],
      totalCents: 3697,
      currency: 'EUR',
      placedAt: expect.any(String),
    };
    const [row] = tables.rowsOf('Orders');
    // Open from the start, so that the reconciler sees it where the start is lost.
    expect(tables.rowsOf('Orders')).toEqual([
      { ...placed, ...openedAt(placed.orderId, String(row?.placedAt)), requestHash: expect.any(String) },
    ]);
    const [start, ...others] = starts();
    expect(others).toEqual([]);
    expect(start).toMatchObject({ stateMachineArn: process.env.FULFILLMENT_ARN, name: orderId });
    expect(JSON.parse(start?.input ?? '')).toEqual({ ...placed, resolutions: {} });
  });

  it('leaves who placed it, whereto and how it is paid in a table of its own, by the order', async () => {
    const { orderId, correlationId } = (await place()).body;
    expect(tables.rowsOf('PersonalData')).toEqual([
      { orderId, correlationId, paymentMethod: 'pm_card_visa', shippingAddress },
    ]);
  });

  it("keeps there where its mail goes, where the shop's backend says so", async () => {
    await place({ headers: { 'x-customer-email': 'ada@example.com' } });
    expect(tables.rowsOf('PersonalData')).toMatchObject([{ email: 'ada@example.com' }]);
    expect(JSON.stringify([...tables.rowsOf('Orders'), ...starts()])).not.toContain('ada@example.com');
  });

  it('is not placed where its mail is to go to what is no address, which is neither told again nor logged', async () => {
    const lines = await logLinesOf(async () => {
      const answer = await place({ headers: { 'x-customer-email': 'ada of example.com' } });
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'X-Customer-Email', message: 'must be one e-mail address, in ASCII' }] },
      });
      expect(JSON.stringify(answer)).not.toContain('ada');
    });
    expect(JSON.stringify(lines)).not.toContain('ada');
    nothingHasHappened();
  });

  it('is written with its personal data, or neither is, again and again while others stand in the way', async () => {
    const busy = new TransactionCanceledException({
      $metadata: {},
      message: 'Transaction cancelled',
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    });
    const transaction = tables.calls.on(TransactWriteCommand);
    transaction.rejectsOnce(busy).rejectsOnce(busy).resolves({});
    await expect(place()).resolves.toMatchObject({ status: 202 });
    transaction.rejects(busy);
    await expect(place()).resolves.toMatchObject({ status: 500 });
  });

  it('is recorded before it is started', async () => {
    engine.on(StartExecutionCommand).callsFake(async ({ name }: { name: string }) => {
      expect(tables.row('Orders', name)).toBeDefined();
      return {};
    });
    await expect(place()).resolves.toMatchObject({ status: 202 });
    expect(starts()).toHaveLength(1);
  });

  it('whose start fails stays recorded, and a repeat of the call starts it', async () => {
    engine.on(StartExecutionCommand).rejectsOnce(new Error('engine away')).resolves({});
    await expect(placeWithKey('k1')).resolves.toMatchObject({ status: 500 });
    expect(tables.rowsOf('Orders')).toHaveLength(1);
    await expect(placeWithKey('k1')).resolves.toMatchObject({ status: 202 });
    expect(starts()[1]).toEqual(starts()[0]);
  });

  it('of 50 lines is the largest', async () => {
    const items = Array.from({ length: 50 }, (_, n) => ({ sku: `SKU-${n}`, quantity: 1 }));
    for (const { sku } of items)
      tables.seed('Catalogue', { sku, name: sku, unitPriceCents: 1, currency: 'EUR' });
    const answer = await place({ body: { ...body, items } });
    expect(answer).toMatchObject({ status: 202, body: { totalCents: 50 } });
  });

  it('may name a second address line and a region', async () => {
    const address = { ...shippingAddress, line2: '2nd floor', region: 'BE' };
    await expect(place({ body: { ...body, shippingAddress: address } })).resolves.toMatchObject({
      status: 202,
    });
    expect(tables.rowsOf('PersonalData')).toMatchObject([{ shippingAddress: address }]);
  });

  it('is not placed by a caller whom no authorizer knows', async () => {
    await expect(place({ authorizer: undefined })).resolves.toMatchObject({ status: 401 });
    nothingHasHappened();
  });
});

describe('a body', () => {
  const addressWithout = (field: string) => ({
    ...body,
    shippingAddress: { ...shippingAddress, [field]: undefined },
  });
  const withItems = (...items: readonly unknown[]) => ({ ...body, items });
  const lines = (count: number) => Array.from({ length: count }, (_, n) => ({ sku: `S${n}`, quantity: 1 }));

  it.each<[string, unknown, string[]]>([
    ['that is not JSON', '{"items":', ['(body)']],
    ['that is empty', '', ['(body)']],
    ['that is a list', [], ['(body)']],
    ['without anything', {}, ['items', 'paymentMethod', 'shippingAddress']],
    ['with a price of its own', { ...body, totalCents: 1 }, ['totalCents']],
    ['with a price in a line', withItems({ ...line, unitPriceCents: 1 }), ['items[0].unitPriceCents']],
    ['with a customer of its own', { ...body, customerId: 'customer-2' }, ['customerId']],
    ['without a line', withItems(), ['items']],
    ['of 51 lines', withItems(...lines(51)), ['items']],
    ['with quantity 0', withItems({ ...line, quantity: 0 }), ['items[0].quantity']],
    ['with quantity -1', withItems({ ...line, quantity: -1 }), ['items[0].quantity']],
    ['with quantity 1.5', withItems({ ...line, quantity: 1.5 }), ['items[0].quantity']],
    ['with quantity 1001', withItems({ ...line, quantity: 1001 }), ['items[0].quantity']],
    ['with a quantity in quotes', withItems({ ...line, quantity: '2' }), ['items[0].quantity']],
    ['with an empty SKU', withItems({ sku: '', quantity: 1 }), ['items[0].sku']],
    ['with a SKU twice', withItems(line, line), ['items[1].sku']],
    ['with a SKU that is not sold', withItems(line, { sku: 'NO', quantity: 1 }), ['items[1].sku']],
    [
      'with two SKUs that are not sold',
      withItems({ sku: 'NO', quantity: 1 }, { sku: 'NEITHER', quantity: 1 }),
      ['items[0].sku', 'items[1].sku'],
    ],
    ['in two currencies', withItems(line, { sku: 'BOURBON', quantity: 1 }), ['items[1].sku']],
    ['with an empty payment method', { ...body, paymentMethod: '' }, ['paymentMethod']],
    ['without a name', addressWithout('name'), ['shippingAddress.name']],
    ['without a first line', addressWithout('line1'), ['shippingAddress.line1']],
    ['without a city', addressWithout('city'), ['shippingAddress.city']],
    ['without a postal code', addressWithout('postalCode'), ['shippingAddress.postalCode']],
    ['without a country', addressWithout('country'), ['shippingAddress.country']],
    ['with a card’s number', { ...body, paymentMethod: '4111 1111 1111 1111' }, ['paymentMethod']],
    ['with a token of two words', { ...body, paymentMethod: 'pm card' }, ['paymentMethod']],
    ['with half a character in a SKU', withItems({ ...line, sku: '\ud83d' }), ['items[0].sku']],
    ...['AA', 'EU', 'QM', 'SU', 'UK', 'UN', 'XK', 'XX', 'ZZ', 'constructor', ''].map(
      (country): [string, unknown, string[]] => [
        `with the country ${country}`,
        { ...body, shippingAddress: { ...shippingAddress, country } },
        ['shippingAddress.country'],
      ],
    ),
    ...['name', 'line1', 'line2', 'city', 'region', 'postalCode'].flatMap((field) =>
      [' \u3000', 'a\u0000b', 'a\ud83d', 'a\u202eb', '4111111111111111'].map(
        (text): [string, unknown, string[]] => [
          `with ${field} ${JSON.stringify(text)}`,
          { ...body, shippingAddress: { ...shippingAddress, [field]: text } },
          [`shippingAddress.${field}`],
        ],
      ),
    ),
    [
      'with a country in words',
      { ...body, shippingAddress: { ...shippingAddress, country: 'Germany' } },
      ['shippingAddress.country'],
    ],
    [
      'with a country in small letters',
      { ...body, shippingAddress: { ...shippingAddress, country: 'de' } },
      ['shippingAddress.country'],
    ],
    [
      'with an address field that we do not know',
      { ...body, shippingAddress: { ...shippingAddress, planet: 'Mars' } },
      ['shippingAddress.planet'],
    ],
    [
      'with several bad fields',
      {
        ...withItems({ sku: 7, quantity: 0 }),
        coupon: 'x',
        shippingAddress: { ...shippingAddress, city: '' },
      },
      ['coupon', 'items[0].quantity', 'items[0].sku', 'shippingAddress.city'],
    ],
  ])('%s is refused, naming each bad field, and nothing is stored or started', async (_, bad, fields) => {
    const answer = await place({ body: bad });
    expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/problem+json' } });
    expect(answer.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(fields);
    nothingHasHappened();
  });
});

it('a card’s number is refused with the reason, and neither told again nor logged', async () => {
  const number = '4111111111111111';
  const lines = await logLinesOf(async () => {
    const answer = await place({ body: { ...body, paymentMethod: number } });
    expect(answer.body.errors).toEqual([
      {
        field: 'paymentMethod',
        message: 'looks like the number of a card: send the token that the payment provider has made of it',
      },
    ]);
  });
  expect(JSON.stringify(lines)).not.toContain(number);
  nothingHasHappened();
});

it('a name is kept in one form, whichever it came in', async () => {
  for (const name of ['Zoë', 'Zoe\u0308']) {
    const answer = await placeWithKey('k1', {
      body: { ...body, shippingAddress: { ...shippingAddress, name } },
    });
    expect(answer.status).toBe(202);
  }
  expect(tables.rowsOf('PersonalData')).toMatchObject([{ shippingAddress: { name: 'Zoë' } }]);
});

describe('what cannot be sold', () => {
  const good = { sku: 'LAMP', name: 'Lamp', unitPriceCents: 100, currency: 'EUR' };
  it.each<[string, Record<string, unknown>]>([
    ['a price in quotes', { ...good, unitPriceCents: '1250' }],
    ['a price in fractions', { ...good, unitPriceCents: 19.99 }],
    ['a price below nothing', { ...good, unitPriceCents: -500 }],
    ['a price beyond what can be counted', { ...good, unitPriceCents: Number.MAX_SAFE_INTEGER + 1 }],
    ['no price', { ...good, unitPriceCents: undefined }],
    ['null for a price', { ...good, unitPriceCents: null }],
    ['a currency in small letters', { ...good, currency: 'eur' }],
    ['a currency that is none', { ...good, currency: 'EUX' }],
    ['no currency', { ...good, currency: undefined }],
  ])('as it has %s is refused before anything happens, and the log says why', async (_, product) => {
    tables.seed('Catalogue', product);
    const items = [line, { sku: 'LAMP', quantity: 1 }];
    const lines = await logLinesOf(async () => {
      await expect(place({ body: { ...body, items } })).resolves.toMatchObject({
        status: 400,
        body: {
          type: 'urn:order-saga:problem:items-not-for-sale',
          errors: [{ field: 'items[1].sku', message: 'LAMP is not for sale' }],
        },
      });
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'ERROR', message: 'a product cannot be sold', sku: 'LAMP' }),
    );
    nothingHasHappened();
  });

  it('as it comes to more than can be counted is refused before anything happens', async () => {
    tables.seed('Catalogue', { ...good, unitPriceCents: Number.MAX_SAFE_INTEGER });
    const items = [{ sku: 'LAMP', quantity: 1 }, line];
    await expect(place({ body: { ...body, items } })).resolves.toMatchObject({
      status: 400,
      body: { type: 'urn:order-saga:problem:items-not-for-sale', errors: [{ field: 'items' }] },
    });
    nothingHasHappened();
  });

  it('for nothing is sold for nothing', async () => {
    tables.seed('Catalogue', { ...good, unitPriceCents: 0 });
    await expect(place({ body: { ...body, items: [{ sku: 'LAMP', quantity: 2 }] } })).resolves.toMatchObject({
      status: 202,
      body: { totalCents: 0, currency: 'EUR' },
    });
  });
});

describe('an Idempotency-Key', () => {
  it.each(['', 'two words', 'tab\t', 'é', 'x'.repeat(129)])(
    'such as %j is refused, and nothing is stored or started',
    async (key) => {
      const answer = await placeWithKey(key);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
      nothingHasHappened();
    },
  );

  it('of 128 characters is the longest', async () => {
    await expect(placeWithKey('x'.repeat(128))).resolves.toMatchObject({ status: 202 });
  });

  it('makes one order of two calls with the same body, and starts it again in case the start was lost', async () => {
    const first = await placeWithKey('k1', { headers: { 'x-correlation-id': 'corr-1' } });
    const second = await placeWithKey('k1', { headers: { 'x-correlation-id': 'corr-2' } });
    expect(second.body).toEqual(first.body);
    expect(second.headers.location).toBe(first.headers.location);
    expect(tables.rowsOf('Orders')).toHaveLength(1);
    expect(starts()).toHaveLength(2);
    expect(starts()[1]).toEqual(starts()[0]);
  });

  it('holds the price of the first call', async () => {
    const first = await placeWithKey('k1');
    tables.seed('Catalogue', { sku: 'MUG', name: 'Mug', unitPriceCents: 9999, currency: 'EUR' });
    await expect(placeWithKey('k1')).resolves.toMatchObject({ status: 202, body: first.body });
  });

  it("does not mind that the customer's address has changed, and the mail goes where it went", async () => {
    const by = (email: string) => placeWithKey('k1', { headers: { 'x-customer-email': email } });
    await by('ada@example.com');
    await expect(by('ada@example.org')).resolves.toMatchObject({ status: 202 });
    expect(tables.rowsOf('PersonalData')).toMatchObject([{ email: 'ada@example.com' }]);
  });

  it('does not mind in which order the fields of the body come', async () => {
    await placeWithKey('k1');
    const reordered = Object.fromEntries(Object.entries(body).reverse());
    await expect(placeWithKey('k1', { body: reordered })).resolves.toMatchObject({ status: 202 });
  });

  it('with another body is refused, and the first order stays as it is', async () => {
    await placeWithKey('k1');
    const rows = () => [...tables.rowsOf('Orders'), ...tables.rowsOf('PersonalData')];
    const before = rows();
    const other = { ...body, items: [{ sku: 'MUG', quantity: 3 }] };
    await expect(placeWithKey('k1', { body: other })).resolves.toMatchObject({
      status: 422,
      body: { type: 'urn:order-saga:problem:idempotency-key-reused', status: 422 },
    });
    expect(rows()).toEqual(before);
    expect(starts()).toHaveLength(1);
  });

  it('does not start an order again that has ended', async () => {
    const { orderId } = (await placeWithKey('k1')).body;
    const outcome = { status: 'CONFIRMED', endedAt: '2026-01-15T09:31:00.000Z' };
    tables.seed('Orders', { ...tables.row('Orders', orderId), outcome });
    await expect(placeWithKey('k1')).resolves.toMatchObject({ status: 202, body: { orderId } });
    expect(starts()).toHaveLength(1);
  });

  it('tolerates that the execution has run already', async () => {
    const exists = new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' });
    engine.on(StartExecutionCommand).rejects(exists);
    await expect(placeWithKey('k1')).resolves.toMatchObject({ status: 202 });
  });

  it("is the customer's own: another's order under the same key is another", async () => {
    const mine = await placeWithKey('k1');
    const theirs = await placeWithKey('k1', { customerId: 'customer-2' });
    expect(theirs.body.orderId).not.toBe(mine.body.orderId);
    expect(tables.rowsOf('Orders')).toHaveLength(2);
  });

  it("of a customer is one order's, whatever the sessions of the backend's role are called", async () => {
    const session = (name: string) => ({ authorizer: { iam: { userId: `AROA7:${name}` } } });
    const first = await placeWithKey('k1', session('ada@example.com'));
    const second = await placeWithKey('k1', session('an-instance'));
    expect(second.body.orderId).toBe(first.body.orderId);
    expect(tables.rowsOf('Orders')).toMatchObject([{ customerId: 'customer-1' }]);
  });

  it('cannot be made up from parts of customer and key', async () => {
    const first = await placeWithKey('bc', { customerId: 'a' });
    const second = await placeWithKey('c', { customerId: 'ab' });
    expect(second.body.orderId).not.toBe(first.body.orderId);
  });

  it('that is absent makes an order of every call', async () => {
    const [first, second] = [await place(), await place()];
    expect(second.body.orderId).not.toBe(first.body.orderId);
  });
});
