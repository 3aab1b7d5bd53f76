import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../../lambdas/orders/api/list-orders.ts';
import { documents } from '../../../../lambdas/runtime/dynamodb.ts';
import { UNDOS } from '../../../../saga/steps.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { placedOrder, placedOrderView } from '../placed-orders.ts';

const table = mockClient(documents);
beforeEach(() => {
  table.reset();
  table.on(QueryCommand).resolves({ Items: [] });
});

const list = (query = {}, customerId = 'customer-1') =>
  ask(handler, apiRequest({ routeKey: 'GET /orders', query, customerId }));
const asked = () => table.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
const cursor = (key: unknown, list = 'own') =>
  Buffer.from(JSON.stringify({ list, key })).toString('base64url');
const key = { orderId: 'ord_9', customerId: 'customer-1', placedAt: '2026-01-15T09:30:00.000Z' };

describe('list-orders', () => {
  it("asks for the caller's orders, newest first, twenty at a time", async () => {
    await list();
    expect(asked()).toEqual([
      {
        TableName: 'Orders',
        IndexName: 'byCustomer',
        KeyConditionExpression: '#partition = :partition',
        ExpressionAttributeNames: { '#partition': 'customerId' },
        ExpressionAttributeValues: { ':partition': 'customer-1' },
        ScanIndexForward: false,
        Limit: 20,
        ExclusiveStartKey: undefined,
      },
    ]);
  });

  it('shows each as far as the read model knows it, in the order of the table', async () => {
    const endedAt = '2026-01-15T09:31:00.000Z';
    table.on(QueryCommand).resolves({
      Items: [
        placedOrder({ orderId: 'ord_3' }),
        placedOrder({ orderId: 'ord_2', outcome: { status: 'CONFIRMED', endedAt } }),
        placedOrder({ outcome: { status: 'CANCELLED', endedAt, reason: 'OutOfStockError' } }),
      ],
    });
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body).toEqual({
      orders: [
        { ...placedOrderView, orderId: 'ord_3', status: 'PENDING', step: null },
        { ...placedOrderView, orderId: 'ord_2', status: 'CONFIRMED', step: 'PublishOrderConfirmed' },
        {
          ...placedOrderView,
          status: 'CANCELLED',
          step: 'OrderCancelled',
          failure: {
            error: 'OutOfStockError',
            message: 'Not everything that was ordered is in stock.',
            undone: UNDOS.slice(UNDOS.indexOf('ReleaseInventory') + 1),
          },
        },
      ],
    });
  });

  it('hands out a cursor that brings the next page', async () => {
    table
      .on(QueryCommand)
      .resolvesOnce({ Items: [placedOrder()], LastEvaluatedKey: key })
      .resolves({});
    const { body } = await list();
    expect(body.next).toMatch(/^[\w-]+$/);
    await expect(list({ cursor: body.next })).resolves.toMatchObject({ status: 200, body: { orders: [] } });
    expect(asked()[1]).toMatchObject({ ExclusiveStartKey: key });
  });

  it.each([
    ['no JSON', 'garbage'],
    ['another shape', cursor({ page: 2 })],
    ['nothing but a key', Buffer.from(JSON.stringify(key)).toString('base64url')],
    ['a field too many', cursor({ ...key, more: 1 })],
    ['an id that cannot be one', cursor({ ...key, orderId: '' })],
    ['an id longer than a key may be', cursor({ ...key, orderId: `ord_${'0'.repeat(2_049)}` })],
    ['a time that is none', cursor({ ...key, placedAt: 'soon' })],
    ['another customer', cursor({ ...key, customerId: 'customer-2' })],
    ['another list', cursor(key, 'all PENDING')],
  ])('refuses a cursor of %s', async (_, bad) => {
    await expect(list({ cursor: bad })).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ field: 'cursor' }] },
    });
    expect(asked()).toEqual([]);
  });

  it.each(['0', '101', '-1', '1.5', 'many', ''])('refuses limit %j', async (limit) => {
    await expect(list({ limit })).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ field: 'limit' }] },
    });
    expect(asked()).toEqual([]);
  });

  it.each(['1', '100'])('takes limit %s', async (limit) => {
    await list({ limit });
    expect(asked()[0]).toMatchObject({ Limit: Number(limit) });
  });
});
