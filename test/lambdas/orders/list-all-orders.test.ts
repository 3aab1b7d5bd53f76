import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../lambdas/orders/list-all-orders.ts';
import { documents } from '../../../lambdas/runtime/dynamodb.ts';
import { apiRequest, ask } from '../api-requests.ts';
import { placedOrder } from './placed-orders.ts';

const table = mockClient(documents);
beforeEach(() => {
  table.reset();
  table.on(ScanCommand).resolves({ Items: [] });
});

const list = (query = {}) => ask(handler, apiRequest({ query, customerId: 'operator-1' }));
const asked = () => table.commandCalls(ScanCommand).map(({ args: [{ input }] }) => input);
const order = (number: number, changes = {}) =>
  placedOrder({ orderId: `ord_${number}`, placedAt: `2026-01-15T09:0${number}:00.000Z`, ...changes });
const AT = '2026-01-15T09:01:00.000Z';
const cursor = (list: string, key: object) =>
  Buffer.from(JSON.stringify({ list, key })).toString('base64url');
const idsIn = (body: { orders: { orderId: string }[] }) => body.orders.map(({ orderId }) => orderId);

describe('list-all-orders', () => {
  it('tells of every customer’s orders, newest first within the page', async () => {
    table.on(ScanCommand).resolves({ Items: [order(1), order(3, { customerId: 'customer-2' }), order(2)] });
    const { status, body } = await list();
    expect([status, idsIn(body)]).toEqual([200, ['ord_3', 'ord_2', 'ord_1']]);
    expect(body).not.toHaveProperty('next');
    expect(asked()).toEqual([{ TableName: 'Orders', Limit: 1_000 }]);
  });

  it.each([
    [
      'PENDING',
      {
        IndexName: 'open',
        FilterExpression: 'attribute_not_exists(outcome) AND attribute_not_exists(parking)',
      },
    ],
    ['NEEDS_ATTENTION', { IndexName: 'parked' }],
    [
      'CANCELLED',
      {
        FilterExpression: 'outcome.#status = :status AND attribute_not_exists(parking)',
        ExpressionAttributeValues: { ':status': 'CANCELLED' },
      },
    ],
  ])('looks for those that are %s where they are', async (status, where) => {
    await list({ status });
    expect(asked()).toMatchObject([{ ...where, Limit: 1_000 }]);
  });

  it('cuts a page at its limit, and goes on behind its last order', async () => {
    table.on(ScanCommand).resolves({ Items: [order(1), order(3), order(2)] });
    const first = await list({ limit: '2' });
    expect(idsIn(first.body)).toEqual(['ord_3', 'ord_1']);
    await list({ limit: '2', cursor: first.body.next });
    expect(asked()[1]?.ExclusiveStartKey).toEqual({ orderId: 'ord_3' });
  });

  it.each([
    ['PENDING', { openShard: '2', lookedAt: '2026-01-15T09:01:00.000Z' }],
    ['NEEDS_ATTENTION', { parkedAt: '2026-01-15T09:09:00.000Z' }],
  ])('goes on in the index of those that are %s', async (status, key) => {
    table.on(ScanCommand).resolves({ Items: [order(1, key), order(2, key)] });
    const { body } = await list({ status, limit: '1' });
    await list({ status, cursor: body.next });
    expect(asked()[1]?.ExclusiveStartKey).toEqual({ orderId: 'ord_1', ...key });
  });

  it('goes on where the table breaks off, though nothing was found there', async () => {
    table.on(ScanCommand).resolves({ Items: [], LastEvaluatedKey: { orderId: 'ord_7' } });
    const { body } = await list({ status: 'CANCELLED' });
    expect(body.orders).toEqual([]);
    await list({ status: 'CANCELLED', cursor: body.next });
    expect(asked()[1]?.ExclusiveStartKey).toEqual({ orderId: 'ord_7' });
  });

  it.each([
    [{ status: 'LOST' }, 'status'],
    [{ limit: '101' }, 'limit'],
    [{ cursor: 'garbage' }, 'cursor'],
    [{ cursor: cursor('all undefined', { orderId: 'x'.repeat(2_049) }) }, 'cursor'],
    [{ cursor: cursor('all undefined', { orderId: 'ord_1', parkedAt: AT }) }, 'cursor'],
    [{ cursor: cursor('own', { orderId: 'ord_1' }) }, 'cursor'],
    [{ status: 'PENDING', cursor: cursor('all PENDING', { orderId: 'ord_1' }) }, 'cursor'],
    [
      {
        status: 'PENDING',
        cursor: cursor('all PENDING', { orderId: 'ord_1', openShard: '2', lookedAt: 'soon' }),
      },
      'cursor',
    ],
    [
      { status: 'PENDING', cursor: cursor('all NEEDS_ATTENTION', { orderId: 'ord_1', parkedAt: AT }) },
      'cursor',
    ],
  ])('refuses %j', async (query, field) => {
    await expect(list(query)).resolves.toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(asked()).toEqual([]);
  });
});
