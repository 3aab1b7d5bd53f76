import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type DynamoDB, dynamodb } from '../../local/aws/dynamodb/dynamodb.ts';
import { strictDynamodb } from '../../local/aws/dynamodb/strict-dynamodb.ts';
import { type Chance, chance, type StrictnessKind } from '../../local/faults/strictness.ts';
import { STOCK } from './stock-table.ts';

const key = (sku: string) => ({ TableName: 'Stock', Key: { sku: { S: sku } } });
const put = (sku: string, shelf: string, more: object = {}) => ({
  TableName: 'Stock',
  Item: { sku: { S: sku }, shelf: { S: shelf } },
  ...more,
});
const IF_NEW = { ConditionExpression: 'attribute_not_exists(sku)' };

/** The worst luck there is: all that can strike does. */
const worst = (kind: StrictnessKind): Chance => {
  const { has, strikes } = chance({ kinds: [kind], seed: 1 });
  return { has, of: () => 0.5, strikes: (asked, subject) => strikes(asked, subject, 1) };
};

let database: DynamoDB;
let close: (() => Promise<void>)[];
beforeEach(async () => {
  database = dynamodb();
  close = [database.close];
  await database.call('CreateTable', { ...STOCK });
});
afterEach(async () => {
  for (const each of close) await each();
});
const strict = (luck: Chance) => {
  const opened = strictDynamodb(database, luck);
  close.unshift(opened.close);
  return opened;
};

const namesOf = async (attempts: number, call: () => Promise<unknown>) => {
  const names: string[] = [];
  for (let attempt = 0; attempt < attempts; attempt += 1)
    names.push(
      await call().then(
        () => 'ok',
        (error: Error) => error.name,
      ),
    );
  return names;
};

it('throttles a write by AWS’s name, twice at most, and writes nothing then', async () => {
  const { call } = strict(worst('throttled-writes'));
  expect(await namesOf(1, () => call('PutItem', put('MUG', 'A'), true))).toEqual(['ThrottlingException']);
  expect(await database.call('GetItem', key('MUG'))).toEqual({});
  expect(await namesOf(2, () => call('PutItem', put('MUG', 'A'), true))).toEqual([
    'ThrottlingException',
    'ok',
  ]);
  expect(await namesOf(1, () => call('GetItem', key('MUG'), true))).toEqual(['ok']);
});

it('refuses nothing to who looks on from outside', async () => {
  const { call } = strict(worst('throttled-writes'));
  expect(await namesOf(1, () => call('PutItem', put('MUG', 'A'), false))).toEqual(['ok']);
});

const reasonsOf = (call: Promise<unknown>) =>
  call.then(
    () => [],
    (error) => error.body.CancellationReasons.map(({ Code }: { Code: string }) => Code),
  );

it('cancels a transaction that would go through, and writes nothing then', async () => {
  const { call } = strict(worst('cancelled-transactions'));
  const write = () =>
    call('TransactWriteItems', { TransactItems: [{ Put: put('MUG', 'A') }, { Put: put('CUP', 'A') }] }, true);
  expect(await reasonsOf(write())).toEqual(['None', 'ThrottlingError']);
  expect(await database.call('GetItem', key('MUG'))).toEqual({});
  expect(await namesOf(2, write)).toEqual(['TransactionCanceledException', 'ok']);
});

it('sets a reason of the moment beside a failed condition', async () => {
  let asked = 0;
  const { call } = strict({ ...worst('cancelled-transactions'), strikes: () => asked++ === 1 });
  await database.call('PutItem', put('CUP', 'A'));
  const write = () =>
    call(
      'TransactWriteItems',
      { TransactItems: [{ Put: put('MUG', 'A') }, { Put: put('CUP', 'A', IF_NEW) }] },
      true,
    );
  expect(await reasonsOf(write())).toEqual(['ThrottlingError', 'ConditionalCheckFailed']);
  expect(await reasonsOf(write())).toEqual(['None', 'ConditionalCheckFailed']);
});

it('answers from an index as of a moment ago, and in the end as it is', async () => {
  await database.call('PutItem', put('OLD', 'A'));
  const { call, isBehind } = strict(worst('stale-index-reads'));
  const onShelf = async (shelf: string) => {
    const { Items } = await call(
      'Query',
      {
        TableName: 'Stock',
        IndexName: 'byShelf',
        KeyConditionExpression: 'shelf = :shelf',
        ExpressionAttributeValues: { ':shelf': { S: shelf } },
      },
      true,
    );
    return (Items as { sku: { S: string } }[]).map(({ sku }) => sku.S).sort();
  };
  expect(await onShelf('A')).toEqual(['OLD']);
  await call('PutItem', put('NEW', 'A'), true);
  await call('PutItem', put('OLD', 'B'), true);
  await call('TransactWriteItems', { TransactItems: [{ Put: put('TWO', 'B') }] }, true);
  await call('DeleteItem', key('TWO'), true);
  // The table itself is not behind.
  expect(await call('GetItem', key('NEW'), true)).toMatchObject({ Item: { sku: { S: 'NEW' } } });
  expect([await onShelf('A'), await onShelf('B')]).toEqual([['OLD'], []]);
  while (isBehind()) await delay(5);
  expect([await onShelf('A'), await onShelf('B')]).toEqual([['NEW'], ['OLD']]);
});
