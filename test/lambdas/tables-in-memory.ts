import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  GetCommand,
  type GetCommandInput,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { documents } from '../../lambdas/runtime/dynamodb.ts';

type Item = Record<string, unknown>;

/** The part of a put or an update that the tables look at. */
interface Write {
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
  readonly Item?: Item | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
  readonly ReturnValues?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

const unknown = (what: string | undefined): never => {
  throw new Error(`the tables in memory do not know the expression: ${what}`);
};

const stale = (table: string | undefined): never => {
  throw new Error(`a read of ${table} that may be behind: each of ours decides something`);
};

const attribute = (path: string, { ExpressionAttributeNames: names }: Write): string =>
  path.startsWith('#') ? (names?.[path] ?? unknown(path)) : path;

const value = (placeholder: string, { ExpressionAttributeValues: values }: Write): unknown =>
  values && placeholder in values ? values[placeholder] : unknown(placeholder);

/** `a`, or `a.b` within it. */
const at = (item: Item | undefined, path: string, write: Write): unknown =>
  path
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Item | undefined)?.[attribute(name, write)], item);

/** `attribute_exists(a)`, `attribute_not_exists(a)`, `a = :v`, `a <> :v`, `a >= :v`, `a <= :v`, `a < :v`: the forms in use, any other is an error. */
const holds = (condition: string, write: Write, item: Item | undefined): boolean => {
  const presence = /^attribute_(not_)?exists\(([#\w.]+)\)$/.exec(condition);
  if (presence?.[2]) return (at(item, presence[2], write) === undefined) === Boolean(presence[1]);
  const [, path, operator, expected] = /^([#\w.]+) (=|<>|>=|<=|<) (:\w+)$/.exec(condition) ?? [];
  if (!path || !expected) return unknown(condition);
  const [left, right] = [at(item, path, write), value(expected, write)];
  if (operator === '>=') return typeof left === 'number' && left >= Number(right);
  if (operator === '<' || operator === '<=')
    return (
      typeof left === typeof right &&
      ((left as string) < (right as string) || (operator === '<=' && left === right))
    );
  return (left === right) === (operator === '=');
};

/** The parts of a condition between one word or the other, outside of parentheses. */
const parts = (condition: string, word: ' AND ' | ' OR '): string[] => {
  const found = [''];
  let depth = 0;
  for (const piece of condition.split(/( AND | OR |[()])/)) {
    depth += Number(piece === '(') - Number(piece === ')');
    if (piece === word && depth === 0) found.push('');
    else found.push(`${found.pop()}${piece}`);
  }
  return found;
};

const isTrue = (condition: string, write: Write, item: Item | undefined): boolean =>
  parts(condition, ' OR ').some((either) =>
    parts(either, ' AND ').every((part) =>
      part.startsWith('(') ? isTrue(part.slice(1, -1), write, item) : holds(part, write, item),
    ),
  );

const isMet = (write: Write, item: Item | undefined): boolean =>
  !write.ConditionExpression || isTrue(write.ConditionExpression, write, item);

/** `:v`, `a`, `a + :v`, `a - :v`, `if_not_exists(a, :v)`, `list_append(if_not_exists(a, :none), :v)`, against the item as it was before the write. */
const termOf = (term: string, write: Write, before: Item): unknown => {
  if (/^:\w+$/.test(term)) return value(term, write);
  if (/^#?\w+$/.test(term)) return before[attribute(term, write)];
  const [, list, added] = /^list_append\((.+), (:\w+)\)$/.exec(term) ?? [];
  if (list && added)
    return [...(termOf(list, write, before) as unknown[]), ...(value(added, write) as unknown[])];
  const unless = /^if_not_exists\(([#\w]+), (:\w+)\)$/.exec(term);
  if (unless?.[1] && unless[2]) return before[attribute(unless[1], write)] ?? value(unless[2], write);
  const sum = /^([#\w]+) ([+-]) (:\w+)$/.exec(term);
  if (!sum?.[1] || !sum[3]) return unknown(term);
  const [left, right] = [Number(before[attribute(sum[1], write)]), Number(value(sum[3], write))];
  return sum[2] === '+' ? left + right : left - right;
};

/** `SET a = :v, b = :w REMOVE c, d ADD e :n`, any part alone too. */
const written = (write: Write, before: Item | undefined): Item => {
  if (write.Item) return structuredClone(write.Item);
  const [, , assignments, , names, , counter, more] =
    /^(SET (.+?))?( ?REMOVE ([#\w, ]+?))?( ?ADD (\w+) (:\w+))?$/.exec(write.UpdateExpression ?? '') ??
    unknown(write.UpdateExpression);
  const item: Item = structuredClone({ ...before, ...write.Key });
  for (const assignment of assignments?.split(/, (?![^(]*\))/) ?? []) {
    const [, target = '', term = ''] = /^([#\w.]+) = (.+)$/.exec(assignment) ?? [];
    const path = target.split('.').map((name) => attribute(name, write));
    const last = path.pop() ?? '';
    // A path within what is not there is an error, as DynamoDB has it.
    const within = path.reduce((map, name) => (map[name] as Item | undefined) ?? unknown(target), item);
    within[last] = termOf(term, write, before ?? {});
  }
  for (const name of names?.split(', ') ?? []) delete item[attribute(name, write)];
  if (counter && more) item[counter] = Number(item[counter] ?? 0) + Number(value(more, write));
  return structuredClone(item);
};

const stateOf = ({ Item, ExpressionAttributeValues: values }: Write) => Item?.state ?? values?.[':to'];

/** With the item as it is, where the request asks for it: attribute values, which the document client leaves as they are. */
const refused = (write?: Write, before?: Item) =>
  new ConditionalCheckFailedException({
    $metadata: {},
    message: 'The conditional request failed',
    ...(write?.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' &&
      before && { Item: marshall(before, { removeUndefinedValues: true }) }),
  });

/** The orders' indexes: partition key, sort key, and whether they hold nothing else. */
const indexes: Readonly<Record<string, readonly [string, string, boolean]>> = {
  open: ['shard', 'lookedAt', false],
  parked: ['shard', 'parkedAt', false],
  byTime: ['shard', 'placedAt', true],
  byOutcome: ['outcomeShard', 'placedAt', true],
  byCustomer: ['customerId', 'placedAt', false],
  byCorrelationId: ['correlationId', 'orderId', true],
};

/** DynamoDB tables in memory, `{table: key attribute}`, or both of them where a table has two, behind the functions' own client. They honour conditions and transactions. */
export const tablesInMemory = (keys: Readonly<Record<string, string | readonly [string, string]>>) => {
  const calls = mockClient(documents);
  const rows = new Map<string, Item>();
  let beforeWrite: (() => Promise<unknown>) | undefined;
  let doubted: string | undefined;

  const id = (table: string | undefined, item: Item | undefined) => {
    const key = [keys[table ?? ''] ?? []].flat().map((name) => item?.[name]);
    if (!table || key.length === 0 || key.includes(undefined))
      throw new Error(`no key of table ${table} in the request`);
    return `${table}/${key.join('/')}`;
  };
  const idOf = (write: Write) => id(write.TableName, write.Item ?? write.Key);
  const apply = (write: Write) => {
    if (!write.Item && !write.UpdateExpression) rows.delete(idOf(write));
    else rows.set(idOf(write), written(write, rows.get(idOf(write))));
  };

  const letOthersFirst = async (): Promise<void> => {
    const first = beforeWrite;
    beforeWrite = undefined;
    await first?.();
  };

  const write = async (input: Write) => {
    await letOthersFirst();
    if (!isMet(input, rows.get(idOf(input)))) throw refused(input, rows.get(idOf(input)));
    apply(input);
    const after = input.ReturnValues && rows.get(idOf(input));
    if (doubted !== undefined && stateOf(input) === doubted) {
      doubted = undefined;
      throw refused();
    }
    return after ? { Attributes: structuredClone(after) } : {};
  };

  calls.on(PutCommand).callsFake(write);
  calls.on(UpdateCommand).callsFake(write);
  calls.on(GetCommand).callsFake(async ({ TableName, Key, ConsistentRead }: GetCommandInput) => ({
    Item: ConsistentRead ? structuredClone(rows.get(id(TableName, Key))) : stale(TableName),
  }));
  // A partition of an index, those before a time where the query says so, by its sort key.
  calls.on(QueryCommand).callsFake(async (query: QueryCommandInput) => {
    const { TableName, IndexName, ExpressionAttributeValues: values, ExclusiveStartKey: from, Limit } = query;
    const key = [keys[TableName ?? ''] ?? []].flat();
    const [partition, sort = '', holdsKeysOnly] =
      (IndexName ? indexes[IndexName] : [...key]) ?? unknown(`the index ${IndexName}`);
    const [, name = '', wanted = ''] = /^(#?\w+) = (:\w+)/.exec(query.KeyConditionExpression ?? '') ?? [];
    if (attribute(name, query) !== partition) return unknown(query.KeyConditionExpression);
    const order = (a: Item, b: Item) => {
      const [left, right] = [`${a[sort]} ${a.orderId}`, `${b[sort]} ${b.orderId}`];
      return (left < right ? -1 : Number(left > right)) * (query.ScanIndexForward === false ? -1 : 1);
    };
    const keyOf = (row: Item) =>
      Object.fromEntries([...key, partition, sort].map((each) => [each, row[each]]));
    const before = values?.[':before'];
    const found = [...rows]
      .filter(([name]) => name.startsWith(`${TableName}/`))
      .map(([, row]) => row)
      .filter((row) => row[partition] === value(wanted, query) && row[sort] !== undefined)
      .filter(
        (row) => (before === undefined || String(row[sort]) < before) && (!from || order(from, row) < 0),
      )
      .sort(order);
    const items = found.slice(0, Limit ?? found.length);
    const last = items.at(-1);
    return {
      Items: items.map((row) => (holdsKeysOnly ? keyOf(row) : structuredClone(row))),
      ...(last && items.length < found.length && { LastEvaluatedKey: keyOf(last) }),
    };
  });
  calls.on(BatchGetCommand).callsFake(async ({ RequestItems = {} }: BatchGetCommandInput) => ({
    Responses: Object.fromEntries(
      Object.entries(RequestItems).map(([table, { Keys = [], ConsistentRead }]) => [
        table,
        ConsistentRead ? Keys.flatMap((key) => rows.get(id(table, key)) ?? []) : stale(table),
      ]),
    ),
  }));
  calls.on(TransactWriteCommand).callsFake(async ({ TransactItems = [] }: TransactWriteCommandInput) => {
    await letOthersFirst();
    const writes = TransactItems.map(
      ({ Put, Update, Delete }): Write => Put ?? Update ?? Delete ?? unknown('a transaction item'),
    );
    if (new Set(writes.map(idOf)).size < writes.length)
      throw new Error('a transaction touches an item twice');
    const met = writes.map((item) => isMet(item, rows.get(idOf(item))));
    if (met.includes(false)) {
      throw new TransactionCanceledException({
        $metadata: {},
        message: 'Transaction cancelled',
        CancellationReasons: met.map((ok) => ({ Code: ok ? 'None' : 'ConditionalCheckFailed' })),
      });
    }
    writes.forEach(apply);
    return {};
  });

  return {
    /** The client's stub: every call that was made; further answers can be set on it. */
    calls,
    row: (table: string, key: string) => structuredClone(rows.get(`${table}/${key}`)),
    rowsOf: (table: string) =>
      [...rows].filter(([name]) => name.startsWith(`${table}/`)).map(([, row]) => row),
    seed: (table: string, ...items: readonly Item[]) => {
      for (const item of items) rows.set(id(table, item), structuredClone(item));
    },
    remove: (table: string, key: string) => rows.delete(`${table}/${key}`),
    /** Someone else comes first: runs `act` between the caller's last read and its next write. */
    beforeNextWrite: (act: () => Promise<unknown>) => {
      beforeWrite = act;
    },
    /** The SDK's retry of a write that had gone through: the next write to `state` happens, and answers that it was refused. */
    doubtWriteTo: (state: string) => {
      doubted = state;
    },
    /** How many writes were tried. */
    writes: () =>
      [PutCommand, UpdateCommand, TransactWriteCommand].reduce(
        (sum, command) => sum + calls.calls().filter(({ args: [sent] }) => sent instanceof command).length,
        0,
      ),
  };
};
export type TablesInMemory = ReturnType<typeof tablesInMemory>;
