import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { OrderKept } from '../../../events/order-kept.ts';
import { handler } from '../../../lambdas/listeners/project-order.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const { orderId } = OrderConfirmed.example.data;
const placed = { orderId, customerId: 'customer-17', totalCents: 2500 };

let tables: TablesInMemory;
let deliveries: ReturnType<typeof deliveriesInMemory>;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
  deliveries = deliveriesInMemory(tables.calls);
});

const confirmed = () =>
  handler({ 'detail-type': 'OrderConfirmed', detail: OrderConfirmed.example }, lambdaContext);
const cancelled = () =>
  handler({ 'detail-type': 'OrderCancelled', detail: OrderCancelled.example }, lambdaContext);
const kept = () => handler({ 'detail-type': 'OrderKept', detail: OrderKept.example }, lambdaContext);
const KEPT = { status: 'CONFIRMED', isKept: true, endedAt: OrderKept.example.metadata.occurredAt };
const CANCELLED = {
  status: 'CANCELLED',
  reason: 'PaymentDeclinedError',
  endedAt: OrderCancelled.example.metadata.occurredAt,
};

describe('project-order', () => {
  it.each([
    ['OrderConfirmed', OrderConfirmed.example, { status: 'CONFIRMED' }],
    ['OrderCancelled', OrderCancelled.example, { status: 'CANCELLED', reason: 'PaymentDeclinedError' }],
  ])('sets how the order ended by %s, beside the order as it was placed', async (type, detail, outcome) => {
    tables.seed('Orders', placed);
    await handler({ 'detail-type': type, detail }, lambdaContext);
    expect(tables.rowsOf('Orders')).toEqual([
      {
        ...placed,
        outcome: { ...outcome, endedAt: detail.metadata.occurredAt },
        outcomeShard: `${outcome.status}#1`,
      },
    ]);
  });

  it('closes the order: it is neither open nor parked any more', async () => {
    const at = '2026-01-15T09:36:00.000Z';
    const parking = { state: 'ParkCancellation', error: 'E', token: 't', resolutions: {} };
    const cancelling = { at, by: 'customer-17' };
    tables.seed('Orders', { ...placed, cancelling, openSince: at, lookedAt: at, parkedAt: at, parking });
    await cancelled();
    expect(tables.rowsOf('Orders')).toEqual([
      { ...placed, cancelling, outcome: CANCELLED, outcomeShard: 'CANCELLED#1' },
    ]);
  });

  it('cancels an order that was confirmed before', async () => {
    tables.seed('Orders', placed);
    await confirmed();
    await cancelled();
    expect(tables.row('Orders', orderId)).toMatchObject({ outcome: CANCELLED });
  });

  it('never confirms again what is cancelled: events come in any order', async () => {
    tables.seed('Orders', placed);
    await cancelled();
    await confirmed();
    expect(tables.rowsOf('Orders')).toEqual([{ ...placed, outcome: CANCELLED, outcomeShard: 'CANCELLED#1' }]);
    expect(deliveries.remembered()).toMatchObject([{ status: 'DONE' }, { status: 'DONE' }]);
  });
  it('leaves open, and parked, what is being cancelled where the confirmation comes late', async () => {
    const at = '2026-01-15T09:36:00.000Z';
    const parking = { state: 'ParkUndo', error: 'E', token: 't', resolutions: {} };
    const cancelling = { ...placed, outcome: { status: 'CONFIRMED', endedAt: at }, openSince: at };
    tables.seed('Orders', { ...cancelling, parkedAt: at, parking });
    await confirmed();
    expect(tables.rowsOf('Orders')).toEqual([{ ...cancelling, parkedAt: at, parking }]);
  });

  it('keeps an order that was being cancelled: confirmed as before, neither open nor parked nor being cancelled', async () => {
    const at = '2026-01-15T09:30:00.000Z';
    const { parkedAt } = OrderKept.example.data;
    const parking = { state: 'ParkUndo', error: 'ShipmentDispatchedError', token: 't', resolutions: {} };
    const open = { outcome: { status: 'CONFIRMED', endedAt: at }, cancelling: { at, by: 'customer-17' } };
    for (const wait of [
      {},
      { parkedAt, parking },
      { parkedAt: at, parking: { ...parking, state: 'ParkKeeping' } },
    ]) {
      tables.seed('Orders', { ...placed, ...open, openSince: at, lookedAt: at, ...wait });
      deliveries = deliveriesInMemory(tables.calls);
      await kept();
      expect(tables.rowsOf('Orders')).toEqual([{ ...placed, outcome: KEPT, outcomeShard: 'CONFIRMED#1' }]);
    }
  });

  it('leaves parked what waits in an undo once more', async () => {
    const at = '2026-01-15T10:30:00.000Z';
    const parking = { state: 'ParkUndo', error: 'ShipmentDispatchedError', token: 't', resolutions: {} };
    const waiting = { ...placed, outcome: KEPT, openSince: at, parkedAt: at, parking };
    tables.seed('Orders', waiting);
    await kept();
    expect(tables.rowsOf('Orders')).toEqual([waiting]);
  });

  it('never keeps what is cancelled', async () => {
    tables.seed('Orders', placed);
    await cancelled();
    await kept();
    expect(tables.row('Orders', orderId)).toMatchObject({ outcome: CANCELLED });
  });

  it('leaves no half a record of an order that is not there', async () => {
    await expect(confirmed()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(tables.rowsOf('Orders')).toEqual([]);
  });

  it('lets the delivery fail where the table is away', async () => {
    tables.seed('Orders', placed);
    tables.beforeNextWrite(() => Promise.reject(new Error('table away')));
    await expect(confirmed()).rejects.toThrow('table away');
    expect(deliveries.remembered()).toMatchObject([{ status: 'FAILED' }]);
  });
});
