import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { KEPT, VOIDED } from '../../lambdas/runtime/ledger.ts';
import type { Happening } from '../../local/faults/trace.ts';
import { EFFECT_NAMES, type Effect, effectOf } from '../effects.ts';
import { ofEasypost } from './easypost-sights.ts';
import { FIRST } from './graph.ts';
import { HELD, NOT_HELD } from './operations.ts';
import type { Entry } from './order.ts';
import { ofStripe } from './stripe-sights.ts';

type Call = Extract<Happening, { kind: 'call' }>;
type Row = Readonly<Record<string, unknown>>;

/** A call of AWS as the model's operation: by what it says and is answered, and not by who makes it. */
export interface Sight {
  readonly orderId: string;
  /** The name of the operation; of the published wait alone its beginning is known. */
  readonly name: string;
  /** As the operation answers it; of a look at an execution, how that has ended alone. */
  readonly answer: string;
  readonly isRead?: true;
  /** What was read, or written. */
  readonly row?: Row;
}

export const PARCEL = 'carrier: has the parcel left';

/** A wait as a number, in the order of the waits. */
export const waitOf = (parkedAt: string, retries: number | string = 0): number =>
  Date.parse(parkedAt) * 1_000 + Number(retries);

/** By table: whose ledger it is, whose book. */
const LEDGERS = new Map(EFFECT_NAMES.map((effect) => [effectOf(effect).ledger.table, effect]));
const BOOKS = new Map(EFFECT_NAMES.map((effect) => [effectOf(effect).book.table, effect]));

/** What the model calls the states of a ledger. */
const ENTRIES = new Map(
  EFFECT_NAMES.map((effect) => {
    const states = Object.entries(effectOf(effect).ledger.states) as [Entry, string][];
    const named = states.map(([entry, state]): [string, Entry] => [state, entry]);
    return [effect, new Map<unknown, Entry>([...named, [VOIDED, VOIDED], [KEPT, KEPT]])];
  }),
);
const entryIn = (effect: Effect, { state, isShared, reason }: Row): Entry => {
  const entry = ENTRIES.get(effect)?.get(state) ?? '';
  if (entry === 'doing' && isShared) return 'shared';
  return entry === 'undoing' && reason !== undefined ? 'refusing' : entry;
};
/** Where a move begins, as the code tells states apart. */
const BEFORE: Readonly<Record<string, string>> = { doing: 'doing or shared', undoing: 'undoing or refusing' };

const itemIn = (marshalled: unknown): Row | undefined =>
  marshalled ? unmarshall(marshalled as Record<string, AttributeValue>) : undefined;
const wasRefused = ({ answer }: Call, error: string): boolean => (answer.__type ?? '').endsWith(error);

/** @returns undefined where it has had no effect, and was not answered either */
const heldness = (call: Call): string | undefined => {
  if (!call.answer.__type) return HELD;
  return wasRefused(call, 'ConditionalCheckFailedException') ? NOT_HELD : undefined;
};

interface Request {
  readonly TableName: string;
  readonly Key?: Row;
  readonly Item?: Row;
  readonly values: Row;
  readonly update: string;
  readonly condition: string;
}
const requestIn = (request: Row): Request => ({
  TableName: String(request.TableName),
  ...(request.Key !== undefined && { Key: itemIn(request.Key) as Row }),
  ...(request.Item !== undefined && { Item: itemIn(request.Item) as Row }),
  values: itemIn(request.ExpressionAttributeValues) ?? {},
  update: String(request.UpdateExpression ?? ''),
  condition: String(request.ConditionExpression ?? ''),
});

/** Who wakes by which token: told by the invocation that was given it. */
export type Tokens = ReadonlyMap<string, { readonly orderId: string; readonly wait: number }>;

const ofLedger = (call: Call, effect: Effect): Sight | undefined => {
  const { Key, Item, values, condition } = requestIn(call.request);
  const orderId = String((Key ?? Item)?.orderId);
  if (call.operation === 'GetItem') {
    const row = itemIn(call.answer.Item);
    return {
      orderId,
      name: `${effect}: reads its entry`,
      answer: row ? entryIn(effect, row) : '',
      isRead: true,
    };
  }
  const answer = heldness(call);
  if (!answer) return undefined;
  if (Item) return { orderId, name: `${effect}: opens its entry as ${entryIn(effect, Item)}`, answer };
  const from = entryIn(effect, { state: values[':from'] });
  const to = entryIn(effect, {
    state: values[':to'],
    isShared: values[':isShared'],
    reason: values[':reason'],
  });
  const before = condition.includes('isShared') ? from : (BEFORE[from] ?? from);
  // A refusal is recorded with its reason, whoever has fenced.
  const after = entryIn(effect, { state: values[':to'] }) === 'refused' ? 'refused' : to;
  return { orderId, name: `${effect}: ${before} becomes ${after}`, answer };
};

const ofBook = (call: Call, effect: Effect, orderId: string): Sight | undefined => {
  const { name, commits, stands } = effectOf(effect).book;
  const { Item, update } = requestIn(call.request);
  if (call.operation === 'GetItem')
    return { orderId, name: PARCEL, answer: '', isRead: true, row: itemIn(call.answer.Item) ?? {} };
  const answer = heldness(call);
  if (!answer) return undefined;
  if (Item)
    return { orderId, name: `${name}: prepares`, answer: Item.status === 'REFUSED' ? 'refused' : 'prepared' };
  const isHeld = answer === HELD;
  const row = itemIn(call.answer.Item) ?? {};
  if (commits(update)) {
    const isRefused = row.status === 'PREPARED';
    // What was real before stays as it is.
    if (!isHeld && stands(row)) return { orderId, name: `${name}: commits`, answer: 'done', isRead: true };
    return { orderId, name: `${name}: commits`, answer: isHeld ? 'done' : isRefused ? 'refused' : 'closed' };
  }
  if (update.includes('cancellationReason')) return { orderId, name: `${name}: closes`, answer: HELD };
  // It can't be cancelled any more: what it has cost is given back by the next call.
  if (row.status === 'CHARGED') return undefined;
  return {
    orderId,
    name: `${name}: takes it back`,
    answer: row.status === 'DISPATCHED' ? 'left' : HELD,
  };
};

const ofReservation = (call: Call): Sight | undefined => {
  const { Key, Item } = requestIn(call.request);
  const orderId = String((Key ?? Item)?.orderId);
  if (call.operation === 'GetItem') {
    const row = itemIn(call.answer.Item);
    return { orderId, name: 'reservation: is read', answer: String(row?.state ?? ''), isRead: true };
  }
  const answer = heldness(call);
  return answer ? { orderId, name: `reservation: opens as ${Item?.state}`, answer } : undefined;
};

const TRANSIENT = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

const ofTransaction = (call: Call): Sight | undefined => {
  const items = call.request.TransactItems as readonly Readonly<Record<string, Row>>[];
  const writes = items.flatMap((item) => Object.values(item)).map(requestIn);
  const position = writes.findIndex(({ TableName }) =>
    ['InventoryReservations', 'RecordsOrders'].includes(TableName),
  );
  const first = writes[position];
  if (!first) return undefined;
  const orderId = String((first.Key ?? first.Item)?.orderId);
  const reasons = ((call.answer.CancellationReasons ?? []) as readonly { readonly Code: string }[]).map(
    ({ Code }) => Code,
  );
  if (reasons.some((code) => TRANSIENT.includes(code))) return undefined;
  if (call.answer.__type && reasons.length === 0) return undefined;
  const isMet = reasons[position] === 'ConditionalCheckFailed';
  if (first.TableName === 'RecordsOrders')
    return { orderId, name: 'record: the order is placed', answer: isMet ? NOT_HELD : HELD };
  const name = first.Item ? 'stock: the reservation and its goods' : 'stock: the release and its goods';
  if (reasons.length === 0) return { orderId, name, answer: HELD };
  // Goods that the stock has no row for any more are nothing that the model knows.
  if (!isMet && !first.Item) return undefined;
  return { orderId, name, answer: isMet ? NOT_HELD : 'too little' };
};

const ofRecord = (call: Call, tokens: Tokens): Sight | undefined => {
  const { Key, values, update, condition } = requestIn(call.request);
  const orderId = String(Key?.orderId);
  if (call.operation === 'GetItem') {
    const row = itemIn(call.answer.Item);
    return row && { orderId, name: 'record: is read', answer: '', isRead: true, row };
  }
  const answer = heldness(call);
  if (!answer || call.operation !== 'UpdateItem') return undefined;
  const sight = (name: string, row?: Row): Sight => ({
    orderId,
    name: `record: ${name}`,
    answer,
    ...(row && { row }),
  });
  const { status } = (values[':outcome'] ?? {}) as { status?: string };
  if (update.startsWith('SET lookedAt'))
    return sight('the reconciler takes its turn', itemIn(call.answer.Attributes) ?? {});
  if (update.startsWith('SET outcome'))
    return sight(condition.startsWith('lookedAt') ? `settled as ${status}` : 'is noted');
  if (update.startsWith('SET parkedAt')) {
    const { state } = values[':parking'] as { state: string };
    const [parkedAt = '', retries] = String(values[':wait']).split('#');
    return sight(`parked in ${state}, wait ${waitOf(parkedAt, retries)}`);
  }
  if (update.startsWith('SET parking.isTold'))
    return sight(`told of wait ${waitOf(String(values[':parkedAt']))}`);
  if (update.startsWith('REMOVE parkedAt')) {
    const wait = tokens.get(String(values[':token']))?.wait ?? waitOf(String(values[':parkedAt']));
    return sight(`wait ${wait} is over`);
  }
  if (update.startsWith('SET openSince')) return sight('open again, as its customer cancels it');
  return undefined;
};

/** The saga is named by the order, and what comes after it is numbered. */
export const nameIn = (
  arnOrName: string,
): { readonly orderId: string; readonly name: string } | undefined => {
  const { orderId, number } =
    /(?<orderId>ord_[0-9a-f]{26})(?:-(?<number>\d+))?$/.exec(arnOrName)?.groups ?? {};
  return orderId === undefined ? undefined : { orderId, name: number ?? '0' };
};

const LAST_EVENTS: Readonly<Record<string, string>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'ABNORMAL',
  ExecutionAborted: 'ABNORMAL',
  ExecutionTimedOut: 'ABNORMAL',
};

const ofEngine = (call: Call, tokens: Tokens): Sight | undefined => {
  const { request, answer, operation } = call;
  if (operation === 'SendTaskSuccess') {
    const token = tokens.get(String(request.taskToken));
    const isDead = wasRefused(call, 'TaskTimedOut') || wasRefused(call, 'TaskDoesNotExist');
    if (!token || (answer.__type && !isDead)) return undefined;
    return {
      orderId: token.orderId,
      name: `engine: wakes wait ${token.wait}`,
      answer: isDead ? 'dead' : 'woken',
    };
  }
  const found = nameIn(String(request.name ?? request.executionArn));
  if (!found) return undefined;
  const { orderId, name } = found;
  if (operation === 'StartExecution') {
    const isRefused = wasRefused(call, 'ExecutionAlreadyExists');
    if (answer.__type && !isRefused) return undefined;
    const { goOnFrom = FIRST } = JSON.parse(String(request.input)) as { goOnFrom?: string };
    return {
      orderId,
      name: `engine: starts execution ${name} at ${goOnFrom}`,
      answer: isRefused ? NOT_HELD : HELD,
    };
  }
  const isFirstPage = operation === 'GetExecutionHistory' && !request.nextToken;
  const isNone = wasRefused(call, 'ExecutionDoesNotExist');
  if (!isFirstPage || (answer.__type && !isNone)) return undefined;
  const [last] = (answer.events ?? []) as readonly {
    readonly type: string;
    readonly executionFailedEventDetails?: { readonly error?: string };
  }[];
  const isClean = last?.executionFailedEventDetails?.error === 'OrderCancelled';
  const end = isClean ? 'CANCELLED' : (LAST_EVENTS[last?.type ?? ''] ?? 'RUNNING');
  return { orderId, name: `engine: looks at execution ${name}`, answer: isNone ? '' : end, isRead: true };
};

const ofEvent = ({ request, answer }: Call): Sight | undefined => {
  const [entry] = request.Entries as readonly { readonly DetailType: string; readonly Detail: string }[];
  if (entry?.DetailType !== 'OrderNeedsAttention' || answer.__type || answer.FailedEntryCount)
    return undefined;
  const { metadata, data } = JSON.parse(entry.Detail) as {
    metadata: { occurredAt: string };
    data: { orderId: string };
  };
  // All but how often the wait was tried before.
  const wait = String(Date.parse(metadata.occurredAt));
  return { orderId: data.orderId, name: `OrderNeedsAttention of wait ${wait}`, answer: HELD };
};

const sightOf = (call: Call, tokens: Tokens, orderId: string): Sight | undefined => {
  const { operation, request, answer } = call;
  if (operation === 'PutEvents') return ofEvent(call);
  if (operation === 'TransactWriteItems') return ofTransaction(call);
  if (operation.startsWith('Invoke /v1/')) {
    const seen = ofStripe(operation.slice('Invoke '.length), call);
    return seen && { orderId, ...seen };
  }
  if (operation.startsWith('Invoke ')) {
    if (!operation.includes('CheckShipment') || answer.__type) return undefined;
    return {
      orderId: String(request.orderId),
      name: PARCEL,
      answer: answer.isDispatched ? 'left' : '',
      isRead: true,
    };
  }
  const table = String(request.TableName ?? '');
  if (!table) return ofEngine(call, tokens);
  if (!['GetItem', 'PutItem', 'UpdateItem'].includes(operation)) return undefined;
  const [kept, booked] = [LEDGERS.get(table), BOOKS.get(table)];
  if (kept) return ofLedger(call, kept);
  if (booked) return ofBook(call, booked, orderId);
  if (table === 'InventoryReservations') return ofReservation(call);
  return table === 'RecordsOrders' ? ofRecord(call, tokens) : undefined;
};

/**
 * @param orderId of the order that the function was called for, where it was for one
 * @returns what the call may be; nothing of one that the model knows nothing of, or that has come to nothing
 */
export const sightsOf = (call: Call, tokens: Tokens, orderId: string): readonly Sight[] => {
  const { operation } = call;
  if (operation.startsWith('Invoke /v2/shipments'))
    return ofEasypost(operation.slice('Invoke '.length), call).map((seen) => ({ orderId, ...seen }));
  const sight = sightOf(call, tokens, orderId);
  return sight ? [sight] : [];
};
