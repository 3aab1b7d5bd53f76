import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AwsError } from '../../local/aws-error.ts';
import { type DynamoDB, dynamodb } from '../../local/dynamodb.ts';
import { clockSkewOf, strictDatabase, strictDeliveries } from '../../local/strictness.ts';

const strict = { seed: 1 };
const TABLE = {
  TableName: 'Orders',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'orderId', AttributeType: 'S' },
    { AttributeName: 'customerId', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byCustomer',
      KeySchema: [{ AttributeName: 'customerId', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

let tables: DynamoDB;
let copy: DynamoDB;
let call: ReturnType<typeof strictDatabase>;
beforeAll(async () => {
  [tables, copy] = [dynamodb(), dynamodb()];
  for (const each of [tables, copy]) await each.call('CreateTable', TABLE);
  call = strictDatabase(strict, tables, copy, () => ['orderId']);
});
afterAll(async () => {
  await Promise.all([tables.close(), copy.close()]);
});

const item = (orderId: string, customerId = 'customer-1') => ({
  TableName: 'Orders',
  Item: { orderId: { S: orderId }, customerId: { S: customerId } },
});
/** As the SDK does: what was throttled is tried again. */
const insist = async (operation: string, request: Record<string, unknown>): Promise<unknown> => {
  try {
    return await call(operation, request);
  } catch {
    return call(operation, request);
  }
};
const found = async () => {
  const { Items = [] } = (await call('Query', {
    TableName: 'Orders',
    IndexName: 'byCustomer',
    KeyConditionExpression: 'customerId = :id',
    ExpressionAttributeValues: { ':id': { S: 'customer-1' } },
  })) as { Items?: { orderId: { S: string } }[] };
  return Items.map(({ orderId }) => orderId.S);
};

describe('a database that is not kind', () => {
  it('has indexes that are behind what was written, deleted and moved, and come up to it', async () => {
    await insist('PutItem', item('ord_1'));
    expect(await found()).toEqual([]);
    await delay(150);
    expect(await found()).toEqual(['ord_1']);
    await insist('DeleteItem', { TableName: 'Orders', Key: { orderId: { S: 'ord_1' } } });
    expect(await found()).toEqual(['ord_1']);
    await delay(150);
    expect(await found()).toEqual([]);
  });

  it('throttles writes by the names that DynamoDB has for it, and lets them through when they come again', async () => {
    const names = new Set<string>();
    for (let index = 0; index < 300; index += 1) {
      const order = item(`ord_t${index}`, 'customer-2');
      await call('PutItem', order).catch((error: AwsError) => {
        names.add(error.name);
        return call('PutItem', order);
      });
    }
    expect([...names].sort()).toEqual(['ProvisionedThroughputExceededException', 'ThrottlingException']);
  });

  it('cancels transactions for conflicts and throttles, beside conditions that are not met', async () => {
    const codes = new Set<string>();
    for (let index = 0; index < 60; index += 1) {
      const TransactItems = ['a', 'b'].map((part) => ({ Put: item(`ord_x${index}${part}`, 'customer-3') }));
      await call('TransactWriteItems', { TransactItems }).catch(async (error: AwsError) => {
        expect(error.name).toBe('TransactionCanceledException');
        for (const { Code } of error.body.CancellationReasons as { Code: string }[]) codes.add(Code);
        await call('TransactWriteItems', { TransactItems });
      });
    }
    expect([...codes].sort()).toEqual([
      'ConditionalCheckFailed',
      'None',
      'ThrottlingError',
      'TransactionConflict',
    ]);
  });
});

it('events come twice, and late, some of them', () => {
  const come = strictDeliveries(strict);
  const all = Array.from({ length: 100 }, (_, index) => come('notify-customer', { detail: { index } }));
  expect(all.some(({ copies }) => copies === 2)).toBe(true);
  expect(all.some(({ lateMs }) => lateMs > 0)).toBe(true);
  expect(all.some(({ copies, lateMs }) => copies === 1 && lateMs === 0)).toBe(true);
});

it('the clocks of functions are off by a second at most, each by its own', () => {
  const skews = ['a', 'b', 'c', 'd'].map((name) => clockSkewOf(strict, name));
  expect(new Set(skews).size).toBe(4);
  for (const skew of skews) expect(Math.abs(skew)).toBeLessThanOrEqual(1_000);
  expect(clockSkewOf(strict, 'a')).toBe(skews[0]);
});
