import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../../lambdas/orders/api/list-parked-orders.ts';
import { openedAt } from '../../../../lambdas/orders/order.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
});
const routeKey = 'GET /ops/orders/parked';
const list = (query = {}) => ask(handler, apiRequest({ routeKey, query, customerId: 'operator-1' }));
const parked = (orderId: string, parkedAt: string) =>
  placedOrder({
    orderId,
    ...openedAt(orderId, parkedAt),
    parkedAt,
    parking: { state: 'ParkUndo', error: 'OopsError', token: 'secret-token', resolutions: {} },
  });

describe('list-parked-orders', () => {
  it('tells of every order that waits, whoever placed it, the longest first, and what it waits for', async () => {
    tables.seed(
      'Orders',
      { ...parked('ord_2', '2026-01-15T10:00:00.000Z') },
      { ...parked('ord_1', '2026-01-15T09:00:00.000Z') },
      { ...placedOrder({ orderId: 'ord_3' }) },
    );
    await expect(list()).resolves.toMatchObject({ status: 200 });
    const common = { correlationId: 'corr-1', state: 'ParkUndo', error: 'OopsError' };
    expect((await list()).body).toEqual({
      orders: [
        { orderId: 'ord_1', parkedAt: '2026-01-15T09:00:00.000Z', ...common },
        { orderId: 'ord_2', parkedAt: '2026-01-15T10:00:00.000Z', ...common },
      ],
    });
  });

  it('hands out no token: who may resume is asked by name', async () => {
    tables.seed('Orders', { ...parked('ord_1', '2026-01-15T09:00:00.000Z') });
    expect(JSON.stringify(await list())).not.toContain('secret-token');
  });

  it('tells of none where none waits', async () => {
    await expect(list()).resolves.toMatchObject({ status: 200, body: { orders: [] } });
  });

  it.each([1, 7, 100])('tells of each once, by pages of %i', async (limit) => {
    const at = (number: number) => new Date(Date.UTC(2026, 0, 15, 9, 0, number)).toISOString();
    const ids = Array.from({ length: 50 }, (_, number) => `ord_${number}`);
    tables.seed('Orders', ...ids.map((id, number) => ({ ...parked(id, at(number)) })));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await list({ limit: `${limit}`, ...(cursor && { cursor }) });
      expect(body.orders.length).toBeLessThanOrEqual(limit);
      found.push(...body.orders.map(({ orderId }: { orderId: string }) => orderId));
      cursor = body.next;
    } while (cursor);
    expect(found).toEqual(ids);
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ cursor: 'garbage' }, 'cursor'],
  ])('refuses %j', async (query, field) => {
    await expect(list(query)).resolves.toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(tables.calls.calls()).toEqual([]);
  });

  it('is for known callers only', async () => {
    await expect(ask(handler, apiRequest({ routeKey, authorizer: undefined }))).resolves.toMatchObject({
      status: 401,
    });
    expect(tables.calls.calls()).toEqual([]);
  });
});
