import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { getOrder } from '../../../../lambdas/orders/api/get-order.ts';
import { orderTable } from '../../../../lambdas/orders/order-table.ts';
import { workflow } from '../../../../lambdas/orders/workflow/workflow.ts';
import { api } from '../../../../lambdas/runtime/api.ts';
import type { Outcome } from '../../../../lambdas/runtime/outcome.ts';
import { UNDOS } from '../../../../saga/steps.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { logLinesOf } from '../../log-lines.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import {
  begun,
  type ExecutionsInMemory,
  entered,
  event,
  executionsInMemory,
  machines,
} from '../executions-in-memory.ts';
import { placedOrder, placedOrderView } from '../placed-orders.ts';

const { fulfillment, continuation } = machines();
let tables: TablesInMemory;
let engine: ExecutionsInMemory;
/** A function that has just started: it remembers nothing of the engine's answers. */
let handler: Parameters<typeof ask>[0];
/** What the payment service says, and the orders of which it was asked. */
let nextAction: { clientSecret: string } | undefined;
let asked: string[];
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
  engine = executionsInMemory();
  const arns = {
    FULFILLMENT_ARN: fulfillment,
    CONTINUATION_ARN: continuation,
  };
  asked = [];
  nextAction = undefined;
  handler = api(
    getOrder({
      orders: orderTable('Orders'),
      workflow: workflow(arns),
      nextAction: async ({ orderId }) => {
        asked.push(orderId);
        return nextAction;
      },
    }),
  );
});

const get = (orderId: string, customerId = 'customer-1') =>
  ask(handler, apiRequest({ routeKey: 'GET /orders/{orderId}', path: { orderId }, customerId }));
const engineCalls = () => engine.calls.commandCalls(GetExecutionHistoryCommand).length;
const ended = (outcome: Outcome) => tables.seed('Orders', { ...placedOrder({ outcome }) });

describe('get-order', () => {
  it('asks the engine while the order is on its way', async () => {
    tables.seed('Orders', { ...placedOrder() });
    engine.has(fulfillment, 'ord_1', begun, entered('ChargePayment'), entered('ReserveInventory'));
    await expect(get('ord_1')).resolves.toMatchObject({
      status: 200,
      body: { ...placedOrderView, status: 'PENDING', step: 'ReserveInventory' },
    });
  });

  describe('of an order whose payment waits for its customer', () => {
    beforeEach(() => {
      tables.seed('Orders', { ...placedOrder() });
      engine.has(fulfillment, 'ord_1', begun, entered('ChargePayment'), entered('AwaitPayment'));
      nextAction = { clientSecret: 'pi_1_secret_2' };
    });

    it('tells its customer what to do', async () => {
      const { body } = await get('ord_1');
      expect(body).toMatchObject({ status: 'PENDING', step: 'AwaitPayment', nextAction });
    });

    it('tells it nobody else', async () => {
      const operator = apiRequest({ routeKey: 'GET /ops/orders/{orderId}', path: { orderId: 'ord_1' } });
      const { status, body } = await ask(handler, operator);
      expect([status, (body as { step: string }).step]).toEqual([200, 'AwaitPayment']);
      expect(body).not.toHaveProperty('nextAction');
      expect(asked).toEqual([]);
    });

    it('tells where it is where there is nothing to do any more', async () => {
      nextAction = undefined;
      const { body } = await get('ord_1');
      expect(body).toMatchObject({ step: 'AwaitPayment' });
      expect(body).not.toHaveProperty('nextAction');
    });
  });

  it.each(['ChargePayment', 'AwaitDebit'])('does not ask for anything to do at %s', async (state) => {
    tables.seed('Orders', { ...placedOrder() });
    engine.has(fulfillment, 'ord_1', begun, entered(state));
    await expect(get('ord_1')).resolves.toMatchObject({ body: { step: state } });
    expect(asked).toEqual([]);
  });

  it('says how it ended by the read model, without asking the engine', async () => {
    ended({ status: 'CONFIRMED', endedAt: '2026-01-15T09:31:00.000Z' });
    await expect(get('ord_1')).resolves.toMatchObject({
      status: 200,
      body: { ...placedOrderView, status: 'CONFIRMED', step: 'PublishOrderConfirmed' },
    });
    expect(engineCalls()).toBe(0);
  });

  it.each([
    ['PaymentDeclinedError', 'The payment was declined.', { undone: [] }],
    [
      'OutOfStockError',
      'Not everything that was ordered is in stock.',
      { undone: UNDOS.slice(UNDOS.indexOf('ReleaseInventory') + 1) },
    ],
    [
      'AddressUndeliverableError',
      'The carrier does not deliver to this address.',
      { undone: UNDOS.slice(UNDOS.indexOf('CancelShipment') + 1) },
    ],
    ['CancelledByCustomer', 'The customer has cancelled the order.', { undone: UNDOS }],
    // Which step it befell is not on record: the timeline tells what was undone.
    ['TechnicalError', 'A step failed for a technical reason.', {}],
  ])('says why it was cancelled, and what was undone, with one read: %s', async (reason, message, undone) => {
    ended({ status: 'CANCELLED', endedAt: '2026-01-15T09:31:00.000Z', reason });
    const answer = await get('ord_1');
    expect(answer.body).toEqual({
      ...placedOrderView,
      status: 'CANCELLED',
      step: 'OrderCancelled',
      failure: { error: reason, message, ...undone },
    });
    expect(engineCalls()).toBe(0);
    expect(tables.calls.calls()).toHaveLength(1);
  });

  it('says while it is undone what has failed, and what is undone so far', async () => {
    tables.seed('Orders', { ...placedOrder() });
    const input = { failure: { Error: 'AddressUndeliverableError' } };
    const done = event('TaskStateExited', { stateExitedEventDetails: { name: 'ReleaseInventory' } });
    const released = [entered('ReleaseInventory', input), event('LambdaFunctionSucceeded'), done];
    engine.has(fulfillment, 'ord_1', begun, ...released, entered('RefundPayment', input));
    await expect(get('ord_1')).resolves.toMatchObject({
      body: {
        status: 'PENDING',
        step: 'RefundPayment',
        failure: { error: 'AddressUndeliverableError', undone: ['ReleaseInventory'] },
      },
    });
  });

  describe('of a parked order', () => {
    const parking = {
      state: 'ParkUndo',
      error: 'ShipmentDispatchedError',
      token: 'secret-token',
      resolutions: {},
    };
    const since = '2026-01-15T09:36:00.000Z';
    const parked = { state: 'ParkUndo', error: 'ShipmentDispatchedError', since };
    const view = { ...placedOrderView, status: 'NEEDS_ATTENTION', step: 'ParkUndo' };
    beforeEach(() => tables.seed('Orders', { ...placedOrder({ parkedAt: since, parking }) }));

    it('says what failed first, what is undone and what it waits for, but hands out no token', async () => {
      engine.has(fulfillment, 'ord_1', begun, entered('ParkUndo', { failure: { Error: 'States.Timeout' } }));
      const message = 'A step did not answer in time.';
      const { body } = await get('ord_1');
      expect(body).toEqual({ ...view, failure: { error: 'States.Timeout', message, undone: [], parked } });
    });

    it('knows from the record why it waits where the engine has forgotten it', async () => {
      const failure = { error: 'ShipmentDispatchedError', message: 'The parcel has already left.', parked };
      expect((await get('ord_1')).body).toEqual({ ...view, failure });
    });
  });

  it('says that a confirmed order is parked where its cancellation is', async () => {
    const parking = { state: 'ParkUndo', error: 'OopsError', token: 't', resolutions: {} };
    const outcome = { status: 'CONFIRMED', endedAt: '2026-01-15T09:31:00.000Z' } as const;
    tables.seed('Orders', { ...placedOrder({ outcome, parking, parkedAt: '2026-01-15T09:36:00.000Z' }) });
    await expect(get('ord_1')).resolves.toMatchObject({ body: { status: 'NEEDS_ATTENTION' } });
  });

  it('shows neither payment method nor address, and nothing of our own bookkeeping', async () => {
    ended({ status: 'CONFIRMED', endedAt: '2026-01-15T09:31:00.000Z' });
    const { body } = await get('ord_1');
    expect(Object.keys(body).sort()).toEqual([...Object.keys(placedOrderView), 'status', 'step'].sort());
  });

  it('names the order on its line in the log, and nothing that cannot be an order', async () => {
    const lineOf = (orderId: string) => logLinesOf(() => get(orderId, 'customer-2'));
    await expect(lineOf('ord_2')).resolves.toMatchObject([{ orderId: 'ord_2' }]);
    await expect(lineOf('4111111111111111')).resolves.toEqual([
      expect.not.objectContaining({ orderId: expect.anything() }),
    ]);
  });

  it("does not tell another's order from none", async () => {
    tables.seed('Orders', { ...placedOrder() });
    const theirs = await get('ord_1', 'customer-2');
    const none = await get('ord_2', 'customer-2');
    expect(theirs).toMatchObject({ status: 404, body: { type: 'urn:order-saga:problem:order-not-found' } });
    expect(none).toEqual(theirs);
    expect(engineCalls()).toBe(0);
  });

  it.each(['ord_nope', '', 'constructor', `ord_${'0'.repeat(2_049)}`])(
    'looks nowhere for what cannot be an order: %s',
    async (never) => {
      await expect(get(never)).resolves.toMatchObject({
        status: 404,
        body: { type: 'urn:order-saga:problem:order-not-found' },
      });
      expect(tables.calls.calls()).toEqual([]);
    },
  );

  it('tells an operator of any customer’s order', async () => {
    ended({ status: 'CONFIRMED', endedAt: '2026-01-15T09:31:00.000Z' });
    const asOperator = apiRequest({
      path: { orderId: 'ord_1' },
      customerId: 'operator-1',
      routeKey: 'GET /ops/orders/{orderId}',
    });
    await expect(ask(handler, asOperator)).resolves.toMatchObject({ status: 200, body: placedOrderView });
  });
});

describe('fifty clients who poll one order', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
    tables.seed('Orders', { ...placedOrder() });
    engine.has(fulfillment, 'ord_1', begun, entered('ChargePayment'));
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const poll = (clients: number) => Promise.all(Array.from({ length: clients }, () => get('ord_1')));

  it('ask the engine no more often than one does', async () => {
    const calls: number[] = [];
    for (const clients of [1, 50]) {
      const before = engineCalls();
      for (let polls = 0; polls < 10; polls += 1) {
        await poll(clients);
        jest.setSystemTime(Date.now() + 300);
      }
      calls.push(engineCalls() - before);
      jest.setSystemTime(Date.now() + 2_000);
    }
    expect(calls).toEqual([3, 3]);
  });

  it('see at once that the order is parked, or has ended', async () => {
    await poll(50);
    tables.seed('Orders', {
      ...placedOrder({ outcome: { status: 'CONFIRMED', endedAt: '2026-01-15T09:31:00.000Z' } }),
    });
    for (const { body } of await poll(50)) expect(body.status).toBe('CONFIRMED');
    expect(engineCalls()).toBe(1);
  });

  it('ask again after a failure of the engine', async () => {
    engine.calls
      .on(GetExecutionHistoryCommand)
      .rejectsOnce(new Error('engine away'))
      .resolves({ events: [begun] });
    expect((await get('ord_1')).status).toBe(500);
    expect((await get('ord_1')).status).toBe(200);
  });
});
