import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../../lambdas/orders/api/erase-order.ts';
import { ERASED, KEPT } from '../../../../lambdas/orders/api/personal-data-places.ts';
import type { OrderRecord } from '../../../../lambdas/orders/order.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import { AT } from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const personal = { orderId: 'ord_1', paymentMethod: 'pm_card_visa', shippingAddress: { name: 'Ada' } };
const cancelled = placedOrder({ outcome: { status: 'CANCELLED', endedAt: AT, reason: 'OutOfStockError' } });

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId', PersonalData: 'orderId', Actions: 'action' });
});
const placed = (order: OrderRecord) => {
  tables.seed('Orders', { ...order });
  tables.seed('PersonalData', personal);
};
const erase = (customerId = 'operator-1') =>
  ask(
    handler,
    apiRequest({ path: { orderId: 'ord_1' }, customerId, routeKey: 'POST /ops/orders/{orderId}/erase' }),
  );

describe('erase-order', () => {
  it('erases the personal data of an order that has ended, and keeps the rest of its record', async () => {
    placed(cancelled);
    await expect(erase()).resolves.toMatchObject({
      status: 200,
      body: {
        orderId: 'ord_1',
        erasedAt: expect.any(String),
        erasedBy: 'operator-1',
        erased: ERASED,
        kept: KEPT,
      },
    });
    const { requestHash: _, ...books } = cancelled;
    expect(tables.row('Orders', 'ord_1')).toEqual({
      ...books,
      erased: { at: expect.any(String), by: 'operator-1' },
    });
    expect(tables.rowsOf('PersonalData')).toEqual([]);
  });

  it('does it once: asked again it says who has done it, and when', async () => {
    placed(cancelled);
    const first = await erase();
    await expect(erase('operator-2')).resolves.toMatchObject({ status: 200, body: first.body });
  });

  it('of two at once, the second says who was first', async () => {
    placed(cancelled);
    const [first, second] = await Promise.all([erase('operator-1'), erase('operator-2')]);
    expect(second.body.erasedBy).toBe(first.body.erasedBy);
  });

  it('erases again what a backup has brought back, and says who was first', async () => {
    placed(cancelled);
    const first = await erase();
    tables.seed('PersonalData', personal);
    await expect(erase('operator-2')).resolves.toMatchObject({ status: 200, body: first.body });
    expect(tables.rowsOf('PersonalData')).toEqual([]);
  });

  it('erases again also while the order is being cancelled, which needs none of it', async () => {
    const erased = { at: AT, by: 'operator-1' };
    placed({ ...cancelled, openSince: AT, erased });
    await expect(erase('operator-2')).resolves.toMatchObject({
      status: 200,
      body: { erasedBy: 'operator-1' },
    });
    expect(tables.rowsOf('PersonalData')).toEqual([]);
  });

  it.each<[string, Partial<OrderRecord>]>([
    ['is still under way', { openSince: AT }],
    ['is being cancelled', { openSince: AT, outcome: { status: 'CONFIRMED', endedAt: AT } }],
    [
      'waits for an operator',
      {
        parkedAt: AT,
        outcome: { status: 'CONFIRMED', endedAt: AT },
        parking: { state: 'ParkUndo', error: 'E', resolutions: {} },
      },
    ],
  ])('leaves alone an order that %s: it may need the data yet', async (_, changes) => {
    placed(placedOrder(changes));
    await expect(erase()).resolves.toMatchObject({
      status: 409,
      body: { type: 'urn:order-saga:problem:order-in-progress' },
    });
    expect(tables.rowsOf('PersonalData')).toEqual([personal]);
    expect(tables.row('Orders', 'ord_1')).not.toHaveProperty('erased');
  });

  it('finds no order where there is none', async () => {
    await expect(erase()).resolves.toMatchObject({ status: 404 });
  });
});

it('docs/personal-data.md lists the places that it tells of, each with what lies there', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/personal-data.md'), 'utf8');
  for (const { place, what } of [...ERASED, ...KEPT])
    expect(page).toMatch(new RegExp(`^\\| ${place} +\\| ${what} +\\|`, 'm'));
});
