import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../lambdas/orders/get-order.ts';
import type { Outcome } from '../../../lambdas/orders/order.ts';
import { stepFunctions } from '../../../lambdas/runtime/step-functions.ts';
import { apiRequest, ask } from '../api-requests.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';
import { placedOrder, placedOrderView } from './placed-orders.ts';

const engine = mockClient(stepFunctions);
let tables: TablesInMemory;
beforeEach(() => {
  engine.reset();
  tables = tablesInMemory({ Orders: 'orderId' });
});

const get = (orderId: string, customerId = 'customer-1') =>
  ask(handler, apiRequest({ path: { orderId }, customerId }));
const ended = (outcome: Outcome) => tables.seed('Orders', { ...placedOrder({ outcome }) });

describe('get-order', () => {
  it('asks the engine while the order is on its way', async () => {
    tables.seed('Orders', { ...placedOrder() });
    engine.on(GetExecutionHistoryCommand).resolves({
      events: [
        {
          id: 7,
          timestamp: undefined,
          type: 'TaskStateEntered',
          stateEnteredEventDetails: { name: 'ReserveInventory' },
        },
      ],
    });
    await expect(get('ord_1')).resolves.toMatchObject({
      status: 200,
      body: { ...placedOrderView, status: 'PENDING', step: 'ReserveInventory' },
    });
  });

  it('says how it ended by the read model, without asking the engine', async () => {
    ended({ status: 'CONFIRMED', endedAt: '2026-01-15T09:31:00.000Z' });
    await expect(get('ord_1')).resolves.toMatchObject({
      status: 200,
      body: { ...placedOrderView, status: 'CONFIRMED', step: 'PublishOrderConfirmed' },
    });
    expect(engine.calls()).toEqual([]);
  });

  it.each([
    ['PaymentDeclinedError', 'The payment was declined.'],
    ['OutOfStockError', 'Not everything that was ordered is in stock.'],
    ['AddressUndeliverableError', 'The carrier does not deliver to this address.'],
    ['CancelledByCustomer', 'The customer has cancelled the order.'],
    ['SomethingUnheardOfError', 'A step failed for a technical reason.'],
  ])('says why it was cancelled: %s', async (reason, message) => {
    ended({ status: 'CANCELLED', endedAt: '2026-01-15T09:31:00.000Z', reason });
    const answer = await get('ord_1');
    expect(answer.body).toEqual({
      ...placedOrderView,
      status: 'CANCELLED',
      step: 'OrderCancelled',
      failure: { error: reason, message },
    });
  });

  it('says that it is parked, and why, without asking the engine or handing out the token', async () => {
    const parking = {
      state: 'ParkUndo',
      error: 'ShipmentDispatchedError',
      token: 'secret-token',
      resolutions: {},
    };
    tables.seed('Orders', { ...placedOrder({ parkedAt: '2026-01-15T09:36:00.000Z', parking }) });
    const answer = await get('ord_1');
    expect(answer.body).toEqual({
      ...placedOrderView,
      status: 'NEEDS_ATTENTION',
      step: 'ParkUndo',
      failure: { error: 'ShipmentDispatchedError', message: 'The parcel has already left.' },
    });
    expect(engine.calls()).toEqual([]);
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

  it("does not tell another's order from none", async () => {
    tables.seed('Orders', { ...placedOrder() });
    const theirs = await get('ord_1', 'customer-2');
    const none = await get('ord_2', 'customer-2');
    expect(theirs).toMatchObject({ status: 404, body: { detail: 'there is no order ord_1' } });
    expect(none).toMatchObject({ status: 404, body: { detail: 'there is no order ord_2' } });
    expect(engine.calls()).toEqual([]);
  });
});
