import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DynamoDB, dynamodb } from '../../local/aws/dynamodb/dynamodb.ts';
import { STOCK } from './stock-table.ts';

const put = (sku: string, available: number, more: object = {}) => ({
  TableName: 'Stock',
  Item: { sku: { S: sku }, shelf: { S: 'A' }, available: { N: `${available}` } },
  ...more,
});
const take = (sku: string, quantity = 1, more: object = {}) => ({
  TableName: 'Stock',
  Key: { sku: { S: sku } },
  UpdateExpression: 'SET available = available - :q',
  ConditionExpression: 'available >= :q',
  ExpressionAttributeValues: { ':q': { N: `${quantity}` } },
  ...more,
});

let database: DynamoDB;
beforeEach(async () => {
  database = dynamodb();
  await database.call('CreateTable', { ...STOCK });
});
afterEach(() => database.close());

const available = async (sku: string) => {
  const { Item } = (await database.call('GetItem', { TableName: 'Stock', Key: { sku: { S: sku } } })) as {
    Item?: { available: { N: string } };
  };
  return Item && Number(Item.available.N);
};

describe('TransactWriteItems', () => {
  it('writes all items', async () => {
    await database.call('PutItem', put('MUG', 5));
    await database.call('TransactWriteItems', {
      TransactItems: [{ Put: put('CUP', 1) }, { Update: take('MUG', 2) }],
    });
    expect([await available('CUP'), await available('MUG')]).toEqual([1, 3]);
  });

  it('or none, with a reason for each, and the old item where it is asked for', async () => {
    await database.call('PutItem', put('MUG', 1));
    const failing = database.call('TransactWriteItems', {
      TransactItems: [
        { Put: put('CUP', 1) },
        { Update: take('MUG', 2, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }) },
      ],
    });
    await expect(failing).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      body: {
        CancellationReasons: [
          { Code: 'None' },
          { Code: 'ConditionalCheckFailed', Item: { available: { N: '1' } } },
        ],
      },
    });
    expect([await available('CUP'), await available('MUG')]).toEqual([undefined, 1]);
  });

  it('is isolated: of a hundred at once on ten pieces ten succeed', async () => {
    await database.call('PutItem', put('MUG', 10));
    const attempts = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        database.call('TransactWriteItems', {
          TransactItems: [{ Put: put(`ORDER-${index}`, 0) }, { Update: take('MUG') }],
        }),
      ),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await available('MUG')).toBe(0);
  });

  it('does not deadlock where two take the same items in another order', async () => {
    await database.call('PutItem', put('MUG', 50));
    await database.call('PutItem', put('CUP', 50));
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const items = [{ Update: take('MUG') }, { Update: take('CUP') }];
        return database.call('TransactWriteItems', { TransactItems: index % 2 ? items : items.reverse() });
      }),
    );
    expect([await available('MUG'), await available('CUP')]).toEqual([30, 30]);
  });

  it('checks a condition without writing', async () => {
    await database.call('PutItem', put('MUG', 1));
    const check = {
      TableName: 'Stock',
      Key: { sku: { S: 'MUG' } },
      ConditionExpression: 'attribute_exists(sku)',
    };
    await database.call('TransactWriteItems', {
      TransactItems: [{ ConditionCheck: check }, { Put: put('CUP', 1) }],
    });
    expect([await available('MUG'), await available('CUP')]).toEqual([1, 1]);
  });

  it('refuses an item twice', async () => {
    await database.call('PutItem', put('MUG', 9));
    await expect(
      database.call('TransactWriteItems', {
        TransactItems: [{ Update: take('MUG') }, { Update: take('MUG') }],
      }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a write', () => {
  it('keeps the index in step', async () => {
    await database.call('PutItem', put('MUG', 5));
    const { Items } = (await database.call('Query', {
      TableName: 'Stock',
      IndexName: 'byShelf',
      KeyConditionExpression: 'shelf = :shelf',
      ExpressionAttributeValues: { ':shelf': { S: 'A' } },
    })) as { Items: unknown[] };
    expect(Items).toHaveLength(1);
  });

  it('that fails its condition answers so, and changes nothing', async () => {
    await database.call('PutItem', put('MUG', 5));
    await expect(
      database.call('PutItem', put('MUG', 9, { ConditionExpression: 'attribute_not_exists(sku)' })),
    ).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await available('MUG')).toBe(5);
  });
});

it('reads several items of one moment', async () => {
  await database.call('PutItem', put('MUG', 5));
  const { Responses } = (await database.call('TransactGetItems', {
    TransactItems: [
      { Get: { TableName: 'Stock', Key: { sku: { S: 'MUG' } } } },
      { Get: { TableName: 'Stock', Key: { sku: { S: 'CUP' } } } },
    ],
  })) as { Responses: object[] };
  expect(Responses).toMatchObject([{ Item: { available: { N: '5' } } }, {}]);
});

it('says which operation it does not serve', async () => {
  await expect(database.call('UpdateTimeToLive', {})).rejects.toThrow(
    'DynamoDB UpdateTimeToLive is not emulated locally',
  );
});

it('keeps its tables in a directory', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'order-saga-'));
  try {
    const first = dynamodb(directory);
    await first.call('CreateTable', { ...STOCK });
    await first.call('PutItem', put('MUG', 7));
    await first.close();
    const second = dynamodb(directory);
    const { Item } = (await second.call('GetItem', { TableName: 'Stock', Key: { sku: { S: 'MUG' } } })) as {
      Item: unknown;
    };
    expect(Item).toMatchObject({ available: { N: '7' } });
    await second.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
