import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { pauseMs, TRIES, transact } from '../../../lambdas/runtime/transaction.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const cancelledBy = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    $metadata: {},
    message: 'Transaction cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({});
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  jest.restoreAllMocks();
});
const writes = () => tables.calls.on(TransactWriteCommand);
const times = () => tables.calls.commandCalls(TransactWriteCommand).length;

it('tells which conditions do not hold, and repeats nothing then', async () => {
  writes().rejects(cancelledBy('ConditionalCheckFailed', 'None', 'ConditionalCheckFailed'));
  await expect(transact([])).resolves.toEqual([0, 2]);
  expect(times()).toBe(1);
});

it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
  'is tried again after %s, whatever the other reasons, and given up after five times',
  async (code) => {
    const busy = cancelledBy('ConditionalCheckFailed', code);
    writes().rejectsOnce(busy).rejectsOnce(busy).resolves({});
    await expect(transact([])).resolves.toEqual([]);
    expect(times()).toBe(3);
    writes().rejects(busy);
    await expect(transact([])).rejects.toBe(busy);
    expect(times()).toBe(3 + 5);
  },
);

it('passes on at once what no repeat would change', async () => {
  const refused = cancelledBy('None', 'ValidationError');
  writes().rejects(refused);
  await expect(transact([])).rejects.toBe(refused);
  expect(times()).toBe(1);
});

it('waits up to twice as long before each next try, by chance', () => {
  const tries = [0, 1, 2, 3].map((before) => TRIES - before);
  jest.mocked(Math.random).mockReturnValue(1);
  expect(tries.map(pauseMs)).toEqual([50, 100, 200, 400]);
  jest.mocked(Math.random).mockReturnValue(0.5);
  expect(tries.map(pauseMs)).toEqual([25, 50, 100, 200]);
});
