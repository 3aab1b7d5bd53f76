import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../../faults/strictness.ts';
import { AwsError } from '../aws-error.ts';
import { type DynamoDB, dynamodb } from './dynamodb.ts';

type Item = Record<string, unknown>;
interface Table {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly Item[];
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly GlobalSecondaryIndexes?: readonly Item[];
}
interface Place {
  readonly table: Table;
  readonly key: Item;
}
interface Reason {
  readonly Code: string;
}

/** The share of writes throttled, each until it has been struck twice. */
const THROTTLED = 0.1;
/** The share of transactions cancelled, and once more of those that a condition cancels. */
const CANCELLED = 0.3;
/**
 * How long an index lags behind its table at most, in ms: a fraction of a second, AWS says.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
 */
const LAG_MS = 250;

/**
 * The errors by which DynamoDB throttles:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const THROTTLES = ['ProvisionedThroughputExceededException', 'ThrottlingException'] as const;
/**
 * Reasons to cancel a transaction that may pass a moment later:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const TRANSIENT = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'] as const;

const SINGLE_WRITES: readonly string[] = ['PutItem', 'UpdateItem', 'DeleteItem'];

const writesIn = (operation: string, request: Item): Item[] => {
  if (SINGLE_WRITES.includes(operation)) return [request];
  if (operation !== 'TransactWriteItems') return [];
  return (request.TransactItems as Record<string, Item>[]).flatMap((item) => Object.values(item));
};

const cancelled = (reasons: readonly Reason[]) =>
  new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { CancellationReasons: reasons },
  );

/** DynamoDB as functions may find it on AWS: indexes that lag behind their tables, throttles, conflicts. */
export const strictDynamodb = (database: DynamoDB, chance: Chance) => {
  const isStrict = chance.has('cancelled-transactions') || chance.has('throttled-writes');
  const tables = new Map<string, Promise<Table>>();
  /** The indexed tables as their indexes see them. */
  const behind = chance.has('stale-index-reads') ? dynamodb() : undefined;
  const closing = new AbortController();
  /** By item, its last write that has not reached the indexes yet. */
  const onTheirWay = new Map<string, Promise<void>>();

  const copy = async ({ TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }: Table) => {
    if (!behind || !GlobalSecondaryIndexes) return;
    await behind.call('CreateTable', {
      TableName,
      AttributeDefinitions,
      KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      })),
    });
    let from: unknown;
    do {
      const page = await database.call('Scan', { TableName, ...(from ? { ExclusiveStartKey: from } : {}) });
      for (const Item of page.Items as Item[]) await behind.call('PutItem', { TableName, Item });
      from = page.LastEvaluatedKey;
    } while (from);
  };

  /** A table, once its indexes exist; the first caller makes them, before anything changes. */
  const tableOf = (TableName: string): Promise<Table> => {
    const found =
      tables.get(TableName) ??
      database.call('DescribeTable', { TableName }).then(async ({ Table }) => {
        await copy(Table as Table);
        return Table as Table;
      });
    tables.set(TableName, found);
    return found;
  };

  const placeOf = async ({ TableName, Key, Item }: Item): Promise<Place> => {
    const table = await tableOf(String(TableName));
    const attributes = (Key ?? Item) as Item;
    const names = table.KeySchema.map(({ AttributeName }) => AttributeName);
    return { table, key: Object.fromEntries(names.map((name) => [name, attributes[name]])) };
  };
  const nameOf = ({ table, key }: Place): string => `${table.TableName} ${JSON.stringify(key)}`;

  /** Takes an item to the indexes, as it is by then, after all its earlier writes. */
  const propagate = (place: Place): void => {
    const { table, key: Key } = place;
    if (!behind || !table.GlobalSecondaryIndexes) return;
    const { TableName } = table;
    const name = nameOf(place);
    const lagMs = LAG_MS * chance.of('stale-index-reads', name);
    const arrival = (onTheirWay.get(name) ?? Promise.resolve())
      .then(async () => {
        await delay(lagMs, undefined, { signal: closing.signal });
        const { Item } = await database.call('GetItem', { TableName, Key, ConsistentRead: true });
        if (Item) await behind.call('PutItem', { TableName, Item });
        else await behind.call('DeleteItem', { TableName, Key });
      })
      .catch(() => {})
      .finally(() => {
        if (onTheirWay.get(name) === arrival) onTheirWay.delete(name);
      });
    onTheirWay.set(name, arrival);
  };

  const oneOf = <T>(list: readonly T[], subject: string): T =>
    list[Math.floor(chance.of('cancelled-transactions', subject) * list.length)] as T;

  /** The reasons with a transient one in the place of one that is `None`. */
  const disturbed = (reasons: readonly Reason[], name: string): readonly Reason[] => {
    const free = reasons.flatMap(({ Code }, position) => (Code === 'None' ? [position] : []));
    return reasons.with(oneOf(free, `${name} where`), { Code: oneOf(TRANSIENT, `${name} why`) });
  };

  const transactWrite = async (request: Item, names: readonly string[]): Promise<Item> => {
    const name = names.join(' ');
    const isStruck = () => chance.strikes('cancelled-transactions', name, CANCELLED);
    if (isStruck())
      throw cancelled(
        disturbed(
          names.map(() => ({ Code: 'None' })),
          name,
        ),
      );
    return database.call('TransactWriteItems', request).catch((error: AwsError) => {
      const reasons = (error.body.CancellationReasons ?? []) as readonly Reason[];
      const isMixed = reasons.some(({ Code }) => Code === 'None') && isStruck();
      throw isMixed ? cancelled(disturbed(reasons, name)) : error;
    });
  };

  const serve = async (operation: string, request: Item, names: readonly string[]): Promise<Item> => {
    if (operation === 'TransactWriteItems') return transactWrite(request, names);
    const name = names[0];
    if (name && chance.strikes('throttled-writes', name, THROTTLED))
      throw new AwsError(
        oneOf(THROTTLES, name),
        'Throughput exceeds the current capacity of your table or index.',
      );
    return database.call(operation, request);
  };

  return {
    /**
     * One call of the DynamoDB API.
     * @param isFunction whether a function makes it: other callers look on, see what is, and are never refused
     * @throws AwsError
     */
    call: async (operation: string, request: Item, isFunction: boolean): Promise<Item> => {
      if (behind && isFunction && request.IndexName) {
        await tableOf(String(request.TableName));
        return behind.call(operation, request);
      }
      if (!isStrict && !behind) return database.call(operation, request);
      const places = await Promise.all(writesIn(operation, request).map(placeOf));
      const answer = await (isFunction
        ? serve(operation, request, places.map(nameOf))
        : database.call(operation, request));
      places.forEach(propagate);
      return answer;
    },
    /** Whether an index lags behind its table: for an order's items, or for any. */
    isBehind: (orderId = ''): boolean => [...onTheirWay.keys()].some((name) => name.includes(orderId)),
    close: async (): Promise<void> => {
      closing.abort();
      await Promise.all(onTheirWay.values());
      await behind?.close();
    },
  };
};
