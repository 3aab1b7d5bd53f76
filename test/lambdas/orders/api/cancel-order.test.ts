import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../../lambdas/orders/api/cancel-order.ts';
import type { OrderRecord } from '../../../../lambdas/orders/order.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { type FunctionsInMemory, functionsInMemory } from '../../functions-in-memory.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import {
  AT,
  begun,
  type ExecutionsInMemory,
  executionsInMemory,
  machines,
  undone,
} from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const { continuation } = machines();
const LATER = '2026-01-15T11:00:00.000Z';
const confirmed = placedOrder({ outcome: { status: 'CONFIRMED', endedAt: AT } });

let tables: TablesInMemory;
let engine: ExecutionsInMemory;
let functions: FunctionsInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId', Actions: 'action' });
  engine = executionsInMemory();
  functions = functionsInMemory({ 'order-saga-dev-CheckShipment': { isDispatched: false } });
});
const placed = (order: OrderRecord) => tables.seed('Orders', { ...order });
const cancel = (customerId = 'customer-1') =>
  ask(
    handler,
    apiRequest({ routeKey: 'POST /orders/{orderId}/cancel', path: { orderId: 'ord_1' }, customerId }),
  );
const nothingHasHappened = () => {
  expect(engine.starts()).toEqual([]);
  expect(tables.writes()).toBe(0);
};

describe('cancel-order', () => {
  it('opens a confirmed order again, and undoes it', async () => {
    placed(confirmed);
    await expect(cancel()).resolves.toMatchObject({
      status: 202,
      headers: { location: '/orders/ord_1' },
      body: { orderId: 'ord_1' },
    });
    expect(tables.row('Orders', 'ord_1')).toEqual({
      ...confirmed,
      openSince: expect.any(String),
      cancelling: { at: expect.any(String), by: 'customer-1' },
      lookedAt: expect.any(String),
    });
    expect(engine.starts()).toMatchObject([
      {
        machine: continuation,
        name: 'ord_1-1',
        input: { orderId: 'ord_1', resolutions: {}, failure: { Error: 'CancelledByCustomer' } },
      },
    ]);
  });

  it('does so for an operator, whoever has placed the order, and says that it was one', async () => {
    placed(confirmed);
    const routeKey = 'POST /ops/orders/{orderId}/cancel';
    const asked = apiRequest({ path: { orderId: 'ord_1' }, customerId: 'operator-1', routeKey });
    await expect(ask(handler, asked)).resolves.toMatchObject({
      status: 202,
      headers: { location: '/ops/orders/ord_1' },
    });
    expect(engine.starts()).toMatchObject([{ input: { failure: { Error: 'CancelledByOperator' } } }]);
  });

  it('opens it before it starts: where we die in between, the reconciler sees it', async () => {
    placed(confirmed);
    engine.calls.on(StartExecutionCommand).callsFake(async () => {
      expect(tables.row('Orders', 'ord_1')).toHaveProperty('openSince');
      return {};
    });
    await expect(cancel()).resolves.toMatchObject({ status: 202 });
    expect(engine.starts()).toHaveLength(1);
  });

  it('starts nothing where it could not open the order', async () => {
    placed(confirmed);
    tables.beforeNextWrite(() => Promise.reject(new Error('table away')));
    await expect(cancel()).resolves.toMatchObject({ status: 500 });
    expect(engine.starts()).toEqual([]);
  });

  it('asked twice does it once, and keeps since when it is open', async () => {
    placed(confirmed);
    await cancel();
    tables.seed('Orders', { ...confirmed, openSince: AT });
    engine.has(continuation, 'ord_1-1', begun, undone('CancelledByCustomer'));
    await expect(cancel()).resolves.toMatchObject({ status: 202, body: { orderId: 'ord_1' } });
    expect(tables.row('Orders', 'ord_1')).toMatchObject({
      ...confirmed,
      openSince: AT,
      lookedAt: expect.any(String),
    });
    expect(new Set(engine.starts().map(({ machine, name }) => `${machine} ${name}`)).size).toBe(1);
  });

  it.each([
    [
      'cancelled',
      { status: 'CANCELLED', endedAt: LATER, reason: 'CancelledByCustomer' },
      'order-already-cancelled',
    ],
    [
      'kept as its parcel has left',
      { status: 'CONFIRMED', endedAt: LATER, isKept: true },
      'parcel-dispatched',
    ],
  ] as const)('says so where the order was %s meanwhile, and starts nothing', async (_, outcome, problem) => {
    placed(confirmed);
    tables.beforeNextWrite(async () => {
      placed(placedOrder({ outcome }));
      functions = functionsInMemory({
        'order-saga-dev-CheckShipment': { isDispatched: 'isKept' in outcome },
      });
    });
    await expect(cancel()).resolves.toMatchObject({
      status: 409,
      body: { type: `urn:order-saga:problem:${problem}` },
    });
    expect(engine.starts()).toEqual([]);
  });

  it('asks the shipment service about this order', async () => {
    placed(confirmed);
    await cancel();
    expect(functions.invoked()).toEqual([
      ['order-saga-dev-CheckShipment', { orderId: 'ord_1', correlationId: 'corr-1' }],
    ]);
  });
});

describe('cancel-order is refused', () => {
  it('as long as the order is worked on', async () => {
    placed(placedOrder({ openSince: AT }));
    await expect(cancel()).resolves.toMatchObject({
      status: 409,
      body: { type: 'urn:order-saga:problem:order-in-progress' },
    });
    nothingHasHappened();
    expect(functions.invoked()).toEqual([]);
  });

  it('where the order is cancelled', async () => {
    placed(placedOrder({ outcome: { status: 'CANCELLED', endedAt: AT, reason: 'OutOfStockError' } }));
    await expect(cancel()).resolves.toMatchObject({
      status: 409,
      body: { type: 'urn:order-saga:problem:order-already-cancelled' },
    });
    nothingHasHappened();
  });

  it('where the parcel has left', async () => {
    placed(confirmed);
    functions = functionsInMemory({ 'order-saga-dev-CheckShipment': { isDispatched: true } });
    await expect(cancel()).resolves.toMatchObject({
      status: 409,
      body: { type: 'urn:order-saga:problem:parcel-dispatched' },
    });
    nothingHasHappened();
  });

  it.each<[string, () => unknown]>([
    ['fails', () => functions.fail('AwsUnavailableError')],
    [
      'answers something else',
      () => functionsInMemory({ 'order-saga-dev-CheckShipment': { dispatched: 'no' } }),
    ],
    ['answers nothing', () => functionsInMemory({ 'order-saga-dev-CheckShipment': null })],
  ])('where the shipment service %s: nobody knows whether the parcel has left', async (_, arrange) => {
    placed(confirmed);
    arrange();
    await expect(cancel()).resolves.toMatchObject({ status: 500 });
    nothingHasHappened();
  });

  it("without telling another's order from none", async () => {
    await expect(cancel('customer-2')).resolves.toMatchObject({ status: 404 });
    const none = await cancel('customer-2');
    placed(confirmed);
    const theirs = await cancel('customer-2');
    expect(theirs.body).toEqual(none.body);
    expect(functions.invoked()).toEqual([]);
    nothingHasHappened();
  });
});
