import { createRequire } from 'node:module';
import { setImmediate as nextTick } from 'node:timers/promises';
import { AwsError, notEmulated } from '../aws-error.ts';

// dynalite has no types, and we build on its parts (actions, validations, store): its server knows no transactions, and
// makes several puts of one write, which a kill in between would leave half done.
const require = createRequire(import.meta.url);
const storage = require('dynalite/db');
const validations = require('dynalite/validations');

type Item = Record<string, unknown>;
type Request = Item & { TableName: string };
type Callback<T> = (error: DynaliteError | null, value?: T) => void;
interface DynaliteError extends Error {
  readonly statusCode?: number;
  readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string };
}
interface Operation {
  readonly type: 'put' | 'del';
  readonly key: string;
  readonly value?: unknown;
}
interface Write {
  readonly action: 'putItem' | 'updateItem' | 'deleteItem';
  readonly request: Request;
  /** The request as dynalite has checked and parsed it. */
  readonly data: Request;
  /** A ConditionCheck: only its condition counts, nothing is written. */
  readonly checkOnly?: boolean;
}

const READS = [
  'getItem',
  'query',
  'scan',
  'batchGetItem',
  'batchWriteItem',
  'describeTable',
  'listTables',
  'createTable',
];
const WRITES: readonly string[] = ['putItem', 'updateItem', 'deleteItem'];
const load = (kind: string) =>
  Object.fromEntries([...READS, ...WRITES].map((action) => [action, require(`dynalite/${kind}/${action}`)]));
const actions = load('actions');
const modelOf = load('validations');

const TRANSACT_WRITE = {
  Put: 'putItem',
  Update: 'updateItem',
  Delete: 'deleteItem',
  ConditionCheck: 'deleteItem',
} as const;

/** The tables and actions that a request touches, to check permissions and to count. */
export const accessesOf = (
  operation: string,
  request: Item,
): { action: string; table: string; index?: string }[] => {
  const one = (action: string, { TableName, IndexName }: Item) => ({
    action,
    table: String(TableName),
    ...(IndexName ? { index: String(IndexName) } : {}),
  });
  const transacted = (request.TransactItems ?? []) as Record<string, Request>[];
  switch (operation) {
    case 'TransactWriteItems':
      return transacted.flatMap((item) =>
        Object.entries(item).map(([kind, write]) =>
          one(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, write),
        ),
      );
    case 'TransactGetItems':
      return transacted.flatMap((item) => Object.values(item).map((read) => one('GetItem', read)));
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys((request.RequestItems ?? {}) as Item).map((table) => ({ action: operation, table }));
    default:
      return [one(operation, request)];
  }
};

/**
 * DynamoDB in this process, on dynalite. Reads are dynalite's own; writes are made atomic; transactions are added,
 * all-or-nothing and isolated by dynalite's own locks on items.
 * @param directory where the tables survive a restart; in memory without
 */
export const dynamodb = (directory?: string) => {
  const store = storage.create({ createTableMs: 0, ...(directory && { path: directory }) });

  const validated = (action: string, request: Item): Request => {
    const { types, custom } = modelOf[action];
    const data = validations.checkTypes(structuredClone(request), types);
    validations.checkValidations(data, types, custom, store);
    return data;
  };

  const run = <T>(action: string, onStore: unknown, data: Request): Promise<T> =>
    new Promise((resolve, reject) => {
      actions[action](onStore, data, ((error, value) =>
        error ? reject(error) : resolve(value as T)) satisfies Callback<T>);
    });

  /** The store as an action sees it, except that its writes are recorded and not done, and that we hold its locks. */
  const recording = (operations: Operation[]) => {
    const noted = (db: object, prefix: string) =>
      Object.assign(Object.create(db), {
        put: (key: string, value: unknown, done: Callback<void>) => {
          operations.push({ type: 'put', key: `${prefix}~${key}`, value });
          setImmediate(done, null);
        },
        del: (key: string, done: Callback<void>) => {
          operations.push({ type: 'del', key: `${prefix}~${key}` });
          setImmediate(done, null);
        },
        lock: (_key: string, locked: (release: (done: unknown) => unknown) => void) => locked((done) => done),
      });
    return Object.assign(Object.create(store), {
      getItemDb: (table: string) => noted(store.getItemDb(table), `item-${table}`),
      getIndexDb: (type: string, table: string, index: string) =>
        noted(store.getIndexDb(type, table, index), `index-${type.toLowerCase()}~${table}~${index}`),
    });
  };

  const itemKey = async ({ TableName, Key, Item }: Request): Promise<string> => {
    const table = await new Promise<Item>((resolve, reject) => {
      store.getTable(TableName, ((error, found) =>
        error ? reject(error) : resolve(found as Item)) satisfies Callback<Item>);
    });
    const keyNames = (table.KeySchema as { AttributeName: string }[]).map(
      ({ AttributeName }) => AttributeName,
    );
    const attributes = (Key ?? Item) as Item;
    const key = storage.createKey(
      Object.fromEntries(keyNames.map((name) => [name, attributes[name]])),
      table,
    );
    if (typeof key !== 'string') throw key;
    return key;
  };

  /**
   * Locks the items of all requests while `work` runs: in one order for all callers, so that no two block each other.
   */
  const locked = async <T>(requests: readonly Request[], work: () => Promise<T>): Promise<T> => {
    const places = await Promise.all(
      requests.map(async (request) => [request.TableName, await itemKey(request)] as const),
    );
    const inOrder = [...new Map(places.map((place) => [place.join('~'), place])).entries()].sort(
      ([a], [b]) => (a < b ? -1 : 1),
    );
    if (inOrder.length < places.length) {
      throw new AwsError(
        'ValidationException',
        'Transaction request cannot include multiple operations on one item',
      );
    }
    const holdFrom = (index: number): Promise<T> => {
      const next = inOrder[index];
      if (!next) return work();
      const [, [table, key]] = next;
      return new Promise<T>((resolve, reject) => {
        store.getItemDb(table).lock(key, (release: (done: () => void) => () => void) => {
          const free = release(() => {});
          holdFrom(index + 1)
            .then(resolve, reject)
            .finally(free);
        });
      });
    };
    return holdFrom(0);
  };

  const oldItem = async ({ TableName, Key, Item }: Request): Promise<Item | undefined> => {
    const key = await itemKey({ TableName, Key, Item });
    return new Promise((resolve) => {
      store
        .getItemDb(TableName)
        .get(key, ((_error, found) => resolve(found as Item | undefined)) satisfies Callback<Item>);
    });
  };

  const isConditionFailure = (error: unknown): error is DynaliteError =>
    ((error as DynaliteError).body?.__type ?? '').endsWith('ConditionalCheckFailedException');

  /** The item that DynamoDB returns with a failed condition, if asked to. */
  const itemOnFailure = async (original: Request): Promise<Item> => {
    const item =
      original.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? await oldItem(original) : undefined;
    return item ? { Item: item } : {};
  };

  /** Runs the writes, under their locks, as one batch: either all of them, or none, and the failures by position. */
  const writeAll = async (
    writes: readonly Write[],
  ): Promise<{ results: Item[]; failures: Map<number, DynaliteError> }> => {
    const operations: Operation[] = [];
    const results: Item[] = [];
    const failures = new Map<number, DynaliteError>();
    for (const [position, { action, data, checkOnly }] of writes.entries()) {
      try {
        results.push(await run(action, recording(checkOnly ? [] : operations), data));
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
        failures.set(position, error);
      }
    }
    if (failures.size === 0) await store.db.batch(operations);
    return { results, failures };
  };

  const write = (action: Write['action'], request: Request): Promise<Item> => {
    const data = validated(action, request);
    return locked([request], async () => {
      const { results, failures } = await writeAll([{ action, request, data }]);
      const failure = failures.get(0);
      if (failure) {
        throw new AwsError(
          'ConditionalCheckFailedException',
          'The conditional request failed',
          await itemOnFailure(request),
        );
      }
      return results[0] ?? {};
    });
  };

  const transactWrite = (items: readonly Record<string, Request>[]): Promise<Item> => {
    if (items.length === 0 || items.length > 100) {
      throw new AwsError('ValidationException', 'a transaction takes 1 to 100 items');
    }
    const writes = items.map((item): Write => {
      const [kind, request] = Object.entries(item)[0] as [keyof typeof TRANSACT_WRITE, Request];
      const action = TRANSACT_WRITE[kind];
      return { action, request, data: validated(action, request), checkOnly: kind === 'ConditionCheck' };
    });
    return locked(
      writes.map(({ request }) => request),
      async () => {
        const { failures } = await writeAll(writes);
        if (failures.size === 0) return {};
        const reasons = await Promise.all(
          writes.map(async ({ request }, position) =>
            failures.has(position)
              ? {
                  Code: 'ConditionalCheckFailed',
                  Message: 'The conditional request failed',
                  ...(await itemOnFailure(request)),
                }
              : { Code: 'None' },
          ),
        );
        throw new AwsError(
          'TransactionCanceledException',
          `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
          { CancellationReasons: reasons },
        );
      },
    );
  };

  const transactGet = async (items: readonly { Get: Request }[]): Promise<Item> => {
    const requests = items.map(({ Get }) => Get);
    return locked(requests, async () => ({
      Responses: await Promise.all(
        requests.map((request) => run<Item>('getItem', store, validated('getItem', request))),
      ),
    }));
  };

  /** Answers once the table can be used: dynalite creates it a moment later. */
  const createTable = async (request: Item): Promise<Item> => {
    const created = await run<Item>('createTable', store, validated('createTable', request));
    const status = async () => {
      const data = validated('describeTable', { TableName: request.TableName });
      return (await run<{ Table: { TableStatus: string } }>('describeTable', store, data)).Table.TableStatus;
    };
    while ((await status()) !== 'ACTIVE') await nextTick();
    return created;
  };

  const serve = (operation: string, request: Item): Promise<Item> => {
    const action = validations.toLowerFirst(operation);
    if (action === 'transactWriteItems')
      return transactWrite(request.TransactItems as Record<string, Request>[]);
    if (action === 'transactGetItems') return transactGet(request.TransactItems as { Get: Request }[]);
    if (WRITES.includes(action)) return write(action as Write['action'], request as Request);
    if (action === 'createTable') return createTable(request);
    if (READS.includes(action)) return run(action, store, validated(action, request));
    throw notEmulated(`DynamoDB ${operation}`);
  };

  return {
    /** One call of the DynamoDB API. @throws AwsError */
    call: async (operation: string, request: Item): Promise<Item> => {
      try {
        return await serve(operation, request);
      } catch (error) {
        const { body, statusCode } = error as DynaliteError;
        if (error instanceof AwsError || !body) throw error;
        throw new AwsError(
          body.__type.split('#')[1] ?? body.__type,
          body.message ?? body.Message ?? '',
          {},
          statusCode,
        );
      }
    },
    close: (): Promise<void> => store.db.close(),
  };
};
export type DynamoDB = ReturnType<typeof dynamodb>;
