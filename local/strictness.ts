import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsError } from './aws-error.ts';
import type { DynamoDB } from './dynamodb.ts';

/**
 * What AWS does now and then, and a quiet laptop never: switched on, the local AWS is no kinder than AWS may be. How often
 * is set so that each is met by every few orders; what it befalls is the same for the same seed and the same calls.
 */
export interface Strictness {
  readonly seed: number;
}

type Item = Record<string, unknown>;

/** How far an index is behind its table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html */
const INDEX_LAG_MS = 40;
/** How far the clock of a function may be off. */
const CLOCK_SKEW_MS = 1_000;
/** How late an event may be, so that others overtake it. */
const LATE_MS = 60;

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** One of so many. */
const dice = (seed: number) => {
  const rolled = new Map<string, number>();
  const number = (text: string) => createHash('sha256').update(`${seed} ${text}`).digest().readUInt32BE();
  return {
    number,
    /** Never twice in a row about the same: what is tried again goes through, as it does on AWS as a rule. */
    befalls: (what: string, oneIn: number): boolean => {
      const times = rolled.get(what) ?? 0;
      rolled.set(what, times + 1);
      return times % 2 === 0 && number(`${what} ${times}`) % oneIn === 0;
    },
  };
};

const keyOf = ({ TableName, Key, Item = {} }: Item, keyNames: readonly string[]): Item => ({
  TableName,
  Key: Key ?? Object.fromEntries(keyNames.map((name) => [name, (Item as Record<string, unknown>)[name]])),
});

/**
 * A database that throttles, and whose indexes are behind: each is read from a copy that follows the tables late.
 * @param copy of the tables, as they are at the start
 * @param keyNames the attributes of a table's key
 */
export const strictDatabase = (
  { seed }: Strictness,
  database: DynamoDB,
  copy: DynamoDB,
  keyNames: (table: string) => readonly string[],
) => {
  const { befalls, number } = dice(seed);

  const follow = async (written: Item): Promise<void> => {
    const key = keyOf(written, keyNames(String(written.TableName)));
    await delay(INDEX_LAG_MS);
    const { Item: now } = await database.call('GetItem', { ...key, ConsistentRead: true });
    if (now) await copy.call('PutItem', { TableName: key.TableName, Item: now });
    else await copy.call('DeleteItem', key);
  };
  const writesIn = (operation: string, request: Item): Item[] => {
    if (WRITES.has(operation)) return [request];
    const { TransactItems = [], RequestItems = {} } = request as {
      TransactItems?: Record<string, Item>[];
      RequestItems?: Record<string, { PutRequest?: Item; DeleteRequest?: Item }[]>;
    };
    if (operation === 'TransactWriteItems') return TransactItems.flatMap((item) => Object.values(item));
    if (operation !== 'BatchWriteItem') return [];
    return Object.entries(RequestItems).flatMap(([TableName, requests]) =>
      requests.map(({ PutRequest, DeleteRequest }) => ({ TableName, ...PutRequest, ...DeleteRequest })),
    );
  };

  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
  const throttle = (operation: string, request: Item): void => {
    const [first] = writesIn(operation, request);
    if (!first) return;
    const what = `${operation} ${JSON.stringify(keyOf(first, keyNames(String(first.TableName))))}`;
    if (WRITES.has(operation) && befalls(what, 40)) {
      const name = number(what) % 2 ? 'ThrottlingException' : 'ProvisionedThroughputExceededException';
      throw new AwsError(name, 'Throughput exceeds the current capacity of your table or index.');
    }
    if (operation !== 'TransactWriteItems' || !befalls(what, 4)) return;
    const items = writesIn(operation, request);
    const struck = number(`${what} where`) % items.length;
    const Code = number(`${what} why`) % 2 ? 'TransactionConflict' : 'ThrottlingError';
    // Conditions that are not met are told beside it: a reason says no more than that the item was not written.
    const reasons = items.map((_, position) => ({
      Code:
        position === struck ? Code : number(`${what} ${position}`) % 2 ? 'ConditionalCheckFailed' : 'None',
    }));
    throw new AwsError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map((each) => each.Code).join(', ')}]`,
      { CancellationReasons: reasons },
    );
  };

  return async (operation: string, request: Item): Promise<Item> => {
    throttle(operation, request);
    if (request.IndexName) return copy.call(operation, request);
    const answer = await database.call(operation, request);
    for (const written of writesIn(operation, request)) void follow(written).catch(() => {});
    return answer;
  };
};

/** Events come late, so that others overtake them, and twice: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html */
export const strictDeliveries = ({ seed }: Strictness) => {
  const { befalls, number } = dice(seed);
  return (listener: string, event: unknown): { readonly lateMs: number; readonly copies: number } => {
    const what = `${listener} ${JSON.stringify((event as { detail?: unknown }).detail ?? {})}`;
    return {
      lateMs: befalls(`late ${what}`, 4) ? number(what) % LATE_MS : 0,
      copies: befalls(`twice ${what}`, 4) ? 2 : 1,
    };
  };
};

/** By how much a function's clock is off (ms). */
export const clockSkewOf = ({ seed }: Strictness, functionName: string): number =>
  (dice(seed).number(`clock ${functionName}`) % (2 * CLOCK_SKEW_MS + 1)) - CLOCK_SKEW_MS;
