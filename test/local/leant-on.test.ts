// What the local AWS leans on in two libraries, beyond what they promise: the engine looks its states up in an object that
// we watch, and dynalite's parts run on a store whose writes we hold back. Both are pinned. Where a test here fails after
// an update, the library has changed there, and local/aws/step-functions/execution.ts or local/aws/dynamodb/dynamodb.ts has to follow.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { STOCK } from './stock-table.ts';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '../..');
const json = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));

it.each(['aws-local-stepfunctions', 'dynalite'])(
  '%s is pinned to the version that these tests have seen',
  (name) => {
    expect(json('package.json').devDependencies[name]).toBe(
      json(`node_modules/${name}/package.json`).version,
    );
  },
);

describe('aws-local-stepfunctions', () => {
  const DEFINITION: StateMachineDefinition = {
    StartAt: 'Begin',
    States: {
      Begin: { Type: 'Pass', Next: 'Work' },
      Work: {
        Type: 'Task',
        Resource: 'arn:aws:lambda:us-east-1:000000000000:function:Work',
        Parameters: { 'token.$': '$$.Task.Token' },
        Retry: [{ ErrorEquals: ['Again'], MaxAttempts: 2, IntervalSeconds: 0 }],
        End: true,
      },
    },
  } as StateMachineDefinition;

  /** Runs it. @param work what the task does, told of its input */
  const run = (work: (input: { token: number }) => unknown) => {
    const lookedUp: string[] = [];
    const States = new Proxy(DEFINITION.States, {
      get: (all, state: string) => {
        if (state in all) lookedUp.push(state);
        return all[state];
      },
    });
    let token = 0;
    const { result, eventLogs, abort } = new StateMachine(
      { ...DEFINITION, States },
      { validationOptions: { noValidate: true } },
    ).run(
      {},
      {
        context: {
          Task: {
            get Token() {
              token += 1;
              return token;
            },
          },
        } as never,
        overrides: { taskResourceLocalHandlers: { Work: async (input) => work(input as never) as never } },
      },
    );
    return { lookedUp, result, eventLogs, abort };
  };
  const failing = (times: number) => {
    const inputs: unknown[] = [];
    return {
      inputs,
      work: (input: unknown) => {
        inputs.push(input);
        if (inputs.length <= times) throw Object.assign(new Error('not yet'), { name: 'Again' });
        return 'done';
      },
    };
  };

  it('looks a state up in `States` once, as it enters it, and not again for a retry', async () => {
    const { lookedUp, result } = run(failing(2).work);
    await expect(result).resolves.toBe('done');
    expect(lookedUp).toEqual(['Begin', 'Work']);
  });

  it('evaluates the context object anew for each attempt of a task', async () => {
    const { inputs, work } = failing(2);
    await run(work).result;
    expect(inputs.map((input) => (input as { token: number }).token)).toEqual([1, 2, 3]);
  });

  it('tells first that it has started, and then that it has entered its first state', async () => {
    const { eventLogs } = run(() => 'done');
    const events: { type: string; state?: { name: string } }[] = [];
    for await (const event of eventLogs) events.push(event as never);
    expect(events.map(({ type, state }) => `${type} ${state?.name ?? ''}`.trim())).toEqual([
      'ExecutionStarted',
      'StateEntered Begin',
      'StateExited Begin',
      'StateEntered Work',
      'StateExited Work',
      'ExecutionSucceeded',
    ]);
  });

  it('rejects with the task’s own error as the cause, and by the name of an abort', async () => {
    const failed = run(() => {
      throw Object.assign(new Error('no card'), { name: 'PaymentDeclinedError' });
    });
    await expect(failed.result).rejects.toMatchObject({
      cause: { name: 'PaymentDeclinedError', message: 'no card' },
    });
    const aborted = run(() => new Promise(() => {}));
    const end = expect(aborted.result).rejects.toMatchObject({ name: 'ExecutionAbortedError' });
    aborted.abort();
    await end;
  });
});

describe('dynalite', () => {
  const storage = require('dynalite/db');
  const validations = require('dynalite/validations');
  type Store = Record<string, unknown> & {
    db: { batch: (operations: unknown[]) => Promise<void>; close: () => Promise<void> };
    getItemDb: (table: string) => object;
    getIndexDb: (type: string, table: string, index: string) => object;
  };
  let store: Store;

  const act = (action: string, on: object, request: object): Promise<Record<string, unknown>> => {
    const { types, custom } = require(`dynalite/validations/${action}`);
    const data = validations.checkTypes(structuredClone(request), types);
    validations.checkValidations(data, types, custom, store);
    return new Promise((resolve, reject) => {
      require(`dynalite/actions/${action}`)(on, data, (error: unknown, value: Record<string, unknown>) =>
        error ? reject(error) : resolve(value),
      );
    });
  };
  beforeEach(async () => {
    store = storage.create({ createTableMs: 0 });
    await act('createTable', store, STOCK);
    const isActive = async (): Promise<boolean> => {
      const { Table } = await act('describeTable', store, { TableName: STOCK.TableName });
      return (Table as { TableStatus: string }).TableStatus === 'ACTIVE';
    };
    while (!(await isActive())) await new Promise(setImmediate);
  });
  afterEach(() => store.db.close());

  it('writes by `put` of what `getItemDb` and `getIndexDb` give, under its `lock`, and nothing beside that', async () => {
    const noted: { type: string; key: string; value: unknown }[] = [];
    const locked: string[] = [];
    const watched = (db: object, prefix: string) =>
      Object.assign(Object.create(db), {
        put: (key: string, value: unknown, done: (error: null) => void) => {
          noted.push({ type: 'put', key: `${prefix}~${key}`, value });
          setImmediate(done, null);
        },
        lock: (key: string, work: (release: (done: unknown) => unknown) => void) => {
          locked.push(key);
          work((done) => done);
        },
      });
    const overlaid = Object.assign(Object.create(store), {
      getItemDb: (table: string) => watched(store.getItemDb(table), `item-${table}`),
      getIndexDb: (type: string, table: string, index: string) =>
        watched(store.getIndexDb(type, table, index), `index-${type.toLowerCase()}~${table}~${index}`),
    });
    const Item = { sku: { S: 'MUG' }, shelf: { S: 'A' } };
    await act('putItem', overlaid, { TableName: 'Stock', Item });
    const read = () =>
      act('getItem', store, { TableName: 'Stock', Key: { sku: Item.sku }, ConsistentRead: true });
    expect(await read()).toEqual({});
    expect(locked).toHaveLength(1);
    expect(noted.map(({ key }) => key.split('~')[0]).sort()).toEqual(['index-global', 'item-Stock']);

    // The prefixes are those of its own sublevels: a batch of what was noted is the write.
    await store.db.batch(noted);
    expect(await read()).toEqual({ Item });
    const byShelf = {
      TableName: 'Stock',
      IndexName: STOCK.GlobalSecondaryIndexes[0]?.IndexName,
      KeyConditions: { shelf: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'A' }] } },
    };
    expect((await act('query', store, byShelf)).Items).toEqual([Item]);
  });
});
