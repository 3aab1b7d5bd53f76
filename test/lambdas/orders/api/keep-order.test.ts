import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderRecord, Parking } from '../../../../lambdas/orders/order.ts';
import { orderForCustomer } from '../../../../lambdas/orders/story/for-customers.ts';
import { orderView, recorded } from '../../../../lambdas/orders/story/view.ts';
import type { Whereabouts } from '../../../../lambdas/orders/workflow/workflow.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import { AT, type ExecutionsInMemory, executionsInMemory } from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';
import { resume } from './resuming.ts';

const parkedAt = '2026-01-15T09:36:00.000Z';
const byHand = { note: 'in cash', by: 'operator-0', at: AT };
/** Its parcel left between the cancellation and the carrier. */
const left = (parking: Partial<Parking> = {}): OrderRecord =>
  placedOrder({
    outcome: { status: 'CONFIRMED', endedAt: AT },
    openSince: AT,
    cancelling: { at: AT, by: 'customer-1' },
    parkedAt,
    parking: {
      state: 'ParkUndo',
      error: 'ShipmentDispatchedError',
      token: 'token-1',
      resolutions: {},
      ...parking,
    },
    resumptions: {},
  });

let tables: TablesInMemory;
let engine: ExecutionsInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId', Actions: 'action' });
  engine = executionsInMemory();
  engine.waits('token-1');
});
const placed = (order: OrderRecord) => tables.seed('Orders', { ...order });
const keep = { note: 'the carrier will not call it back' };

describe('an order whose parcel has left is kept', () => {
  it('by an operator, whose word goes to the workflow, signed and of this wait, and stays on record', async () => {
    placed(left());
    await expect(resume({ keep })).resolves.toMatchObject({ status: 202, body: { resumed: 'ParkUndo' } });
    const signed = { by: 'operator-1', at: expect.any(String) };
    expect(engine.answers()).toEqual([
      { token: 'token-1', output: { KeepShipment: { ...keep, ...signed, parkedAt } } },
    ]);
    expect(tables.row('Orders', 'ord_1')).toMatchObject({
      resumptions: { [parkedAt]: { state: 'ParkUndo', ...signed, notes: { KeepShipment: keep.note } } },
    });
  });

  it('by one word for one wait: it is not said again of the next', async () => {
    placed(left({ error: 'ShipmentNotDispatchedError', resolutions: { KeepShipment: byHand } }));
    await resume({});
    expect(engine.answers()).toEqual([{ token: 'token-1', output: {} }]);
  });

  it.each<[string, OrderRecord, object]>([
    ['an undo fails for another reason', left({ error: 'CarrierUnavailableError' }), { keep }],
    ['it waits for a publication', left({ state: 'ParkCancellation' }), { keep }],
    ['its execution has ended', left({ state: 'Recovery' }), { keep }],
    [
      'an undo is settled by hand at once',
      left(),
      { keep, resolutions: { RefundPayment: { note: 'in cash' } } },
    ],
    ['an undo was settled by hand before', left({ resolutions: { RefundPayment: byHand } }), { keep }],
  ])('not where %s', async (_, order, body) => {
    placed(order);
    await expect(resume(body)).resolves.toMatchObject({ status: 400, body: { errors: [{ field: 'keep' }] } });
    expect(engine.calls.calls()).toEqual([]);
    expect(tables.row('Orders', 'ord_1')).toEqual(order);
  });

  it.each([
    ['without a note', {}, 'keep.note'],
    ['with a yes alone', true, 'keep'],
    ['with a signature of its own', { ...keep, by: 'someone' }, 'keep.by'],
  ])('not %s', async (_, word, field) => {
    placed(left());
    await expect(resume({ keep: word })).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ field }] },
    });
    expect(engine.calls.calls()).toEqual([]);
  });
});

describe('an order that was kept', () => {
  const word = (at: string, notes = {}) => ({ state: 'ParkUndo', by: 'operator-1', at, notes });
  const first = word('2026-01-15T09:40:00.000Z', { KeepShipment: 'first' });
  const second = word('2026-01-15T09:50:00.000Z', { KeepShipment: 'second' });
  const kept = placedOrder({
    outcome: { status: 'CONFIRMED', endedAt: AT, isKept: true },
    resumptions: { a: second, b: first, c: word('2026-01-15T09:55:00.000Z') },
  });
  const shown = (order: OrderRecord) => orderView(order, recorded(order) as Whereabouts);

  it('is confirmed, and tells operators who has kept it last, when and why', () => {
    expect(shown(kept)).toMatchObject({
      status: 'CONFIRMED',
      step: 'PublishOrderKept',
      kept: { at: second.at, by: 'operator-1', note: 'second' },
    });
    expect(shown(kept)).not.toHaveProperty('failure');
  });

  it('tells customers nothing of who among us it was', () => {
    expect(orderForCustomer(shown(kept))).not.toHaveProperty('kept');
  });

  it.each<[string, Partial<OrderRecord>]>([
    ['it was cancelled after all', { outcome: { status: 'CANCELLED', endedAt: AT } }],
    ['it is being cancelled once more', { openSince: AT }],
    ['nobody has', { resumptions: { c: word(AT) } }],
  ])('does not say so where %s', (_, changes) => {
    expect(shown(placedOrder({ ...kept, ...changes }))).not.toHaveProperty('kept');
  });
});
