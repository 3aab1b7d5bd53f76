import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../lambdas/orders/list-parked-orders.ts';
import { apiRequest, ask } from '../api-requests.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';
import { placedOrder } from './placed-orders.ts';

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
});
const list = () => ask(handler, apiRequest({ customerId: 'operator-1' }));
const parked = (orderId: string, parkedAt: string) =>
  placedOrder({
    orderId,
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

  it('looks into the index of the parked, to its last page', async () => {
    const next = { orderId: 'ord_1', parkedAt: '2026-01-15T09:00:00.000Z' };
    tables.calls
      .on(ScanCommand)
      .resolvesOnce({ Items: [parked('ord_1', next.parkedAt)], LastEvaluatedKey: next })
      .resolves({ Items: [parked('ord_2', '2026-01-15T10:00:00.000Z')] });
    expect((await list()).body.orders).toHaveLength(2);
    const asked = tables.calls.commandCalls(ScanCommand).map(({ args: [{ input }] }) => input);
    const index = { TableName: 'Orders', IndexName: 'parked' };
    expect(asked).toEqual([index, { ...index, ExclusiveStartKey: next }]);
  });

  it('is for known callers only', async () => {
    await expect(ask(handler, apiRequest({ authorizer: undefined }))).resolves.toMatchObject({ status: 401 });
    expect(tables.calls.calls()).toEqual([]);
  });
});
