import { setTimeout as delay } from 'node:timers/promises';
import {
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type OrderRecord, openedAt } from '../../../../lambdas/orders/order.ts';
import { handler } from '../../../../lambdas/orders/workflow/reconcile-orders.ts';
import { type BusInMemory, busInMemory } from '../../bus-in-memory.ts';
import { type FunctionsInMemory, functionsInMemory } from '../../functions-in-memory.ts';
import { lambdaContext } from '../../lambda-context.ts';
import { logLinesOf } from '../../log-lines.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import {
  AT,
  aborted,
  begun,
  type ExecutionsInMemory,
  entered,
  executionArn,
  executionsInMemory,
  machines,
  succeeded,
  undone,
} from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const { fulfillment, continuation } = machines();
const open = (changes: Partial<OrderRecord> = {}): OrderRecord =>
  placedOrder({ ...openedAt(changes.orderId ?? 'ord_1', AT), ...changes });
const NOTHING = { started: [], settled: [], recovered: [], failed: [] };

let tables: TablesInMemory;
let engine: ExecutionsInMemory;
let functions: FunctionsInMemory;
let bus: BusInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
  engine = executionsInMemory();
  functions = functionsInMemory({
    'order-saga-dev-ReleaseInventory': null,
    'order-saga-dev-CheckPayment': {},
  });
  bus = busInMemory();
});
afterEach(() => {
  jest.restoreAllMocks();
});
const placed = (...orders: readonly OrderRecord[]) => tables.seed('Orders', ...orders.map((o) => ({ ...o })));
const order = (orderId = 'ord_1') => tables.row('Orders', orderId);
/** An order that was looked at, and is as it was but for that. */
const seen = (changes: Partial<OrderRecord> = {}) => ({ ...open(changes), lookedAt: expect.any(String) });
const { shard } = openedAt('ord_1', AT);
const outcomeShard = (status: string) => `${status}#${shard}`;
/** A pass as the schedule begins it; `remaining` is what the function has left of its time, in milliseconds. */
const pass = (input: object = { source: 'aws.events' }, remaining = 60_000) =>
  handler(input, { ...lambdaContext, getRemainingTimeInMillis: () => remaining });
const reconcile = async (input?: object) => {
  // Whoever was looked at in this very millisecond was looked at now.
  await delay(2);
  const { looked: _, more: __, ...mended } = (await pass(input)) as Record<string, unknown>;
  return mended;
};

/** What it mends, and that a second look finds nothing more to mend. */
const mends = async (mended: object) => {
  await expect(reconcile()).resolves.toEqual({ ...NOTHING, ...mended });
  const starts = engine.starts();
  await expect(reconcile({ everything: true })).resolves.toEqual(NOTHING);
  expect(engine.starts()).toEqual(starts);
};

describe('reconcile-orders leaves alone', () => {
  it('what is on its way', async () => {
    placed(open());
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'));
    await mends(NOTHING);
    expect(engine.starts()).toEqual([]);
    expect(order()).toEqual(seen());
  });

  it('what has ended and is known to have', async () => {
    placed(placedOrder({ outcome: { status: 'CONFIRMED', endedAt: AT } }));
    await mends(NOTHING);
    expect(engine.calls.calls()).toEqual([]);
  });

  it('what waits for an operator', async () => {
    placed(
      open({ parkedAt: AT, parking: { state: 'ParkUndo', error: 'E', token: 't', resolutions: {} } }),
      open({
        orderId: 'ord_2',
        parkedAt: AT,
        parking: { state: 'Recovery', error: 'E', isTold: true, resolutions: {} },
      }),
    );
    engine.has(fulfillment, 'ord_1', begun, entered('ParkUndo'));
    engine.has(fulfillment, 'ord_2', begun, entered('ReserveInventory'), aborted);
    await mends(NOTHING);
    expect(engine.starts()).toEqual([]);
    expect(bus.published()).toEqual([]);
  });
});

describe('reconcile-orders, of an order whose payment is awaited,', () => {
  it.each(['AwaitPayment', 'AwaitDebit'])(
    'has the payment service look, as nobody may have told: %s',
    async (state) => {
      placed(open());
      engine.has(fulfillment, 'ord_1', begun, entered('ChargePayment'), entered(state));
      await expect(reconcile()).resolves.toEqual(NOTHING);
      const { correlationId } = open();
      expect(functions.invoked()).toEqual([
        ['order-saga-dev-CheckPayment', { orderId: 'ord_1', correlationId }],
      ]);
      expect(order()).toEqual({ ...seen(), awaits: state });
    },
  );

  it('notes that it waits no more', async () => {
    placed(open({ awaits: 'AwaitPayment' }));
    engine.has(fulfillment, 'ord_1', begun, entered('AwaitPayment'), entered('ReserveInventory'));
    await mends(NOTHING);
    expect(order()).toEqual(seen());
    expect(functions.invoked()).toEqual([]);
  });

  it('goes on as after any other end where its execution was ended', async () => {
    placed(open());
    engine.has(fulfillment, 'ord_1', begun, entered('AwaitPayment'), aborted);
    await mends({ recovered: ['ord_1'] });
    expect(engine.starts()).toMatchObject([{ name: 'ord_1-1', input: { goOnFrom: 'CancelShipment' } }]);
  });
});

describe('reconcile-orders mends', () => {
  it('an order that was recorded, and whose workflow never began', async () => {
    placed(open());
    await mends({ started: ['ord_1'] });
    expect(engine.starts()).toMatchObject([
      { machine: fulfillment, name: 'ord_1', input: { orderId: 'ord_1', resolutions: {} } },
    ]);
    expect(engine.starts()[0]?.input).not.toHaveProperty('openSince');
  });

  it('an order that is confirmed, and whose event was lost', async () => {
    placed(open());
    const end = { ...succeeded, timestamp: new Date('2026-01-15T09:31:00.000Z') };
    engine.has(fulfillment, 'ord_1', begun, entered('PublishOrderConfirmed'), end);
    await mends({ settled: ['ord_1'] });
    expect(order()).toEqual(
      placedOrder({
        shard,
        outcomeShard: outcomeShard('CONFIRMED'),
        outcome: { status: 'CONFIRMED', endedAt: '2026-01-15T09:31:00.000Z' },
      }),
    );
    expect(functions.invoked()).toEqual([]);
  });

  it('an order that is cancelled, and whose event was lost: it lets go of what it may still hold', async () => {
    const parking = { state: 'ParkCancellation', error: 'E', token: 't', resolutions: {} };
    placed(open({ parkedAt: AT, parking }));
    engine.has(fulfillment, 'ord_1', begun, entered('OrderCancelled'), undone('OutOfStockError'));
    await mends({ settled: ['ord_1'] });
    expect(order()).toEqual(
      placedOrder({
        shard,
        outcomeShard: outcomeShard('CANCELLED'),
        outcome: { status: 'CANCELLED', endedAt: AT, reason: 'OutOfStockError' },
      }),
    );
    expect(functions.invoked()).toEqual([
      ['order-saga-dev-ReleaseInventory', { orderId: 'ord_1', correlationId: 'corr-1', resolutions: {} }],
    ]);
  });

  it('one whose saga waits for the answer to a publication that everybody has heard', async () => {
    placed(open({ outcome: { status: 'CONFIRMED', endedAt: AT }, cancelling: { at: AT, by: 'customer-1' } }));
    engine.has(fulfillment, 'ord_1', begun, entered('PublishOrderConfirmed'), entered('ParkConfirmation'));
    await mends({ settled: ['ord_1'] });
    expect(order()).toMatchObject({ outcome: { status: 'CONFIRMED' } });
    expect(order()).not.toHaveProperty('openSince');
    expect(order()).not.toHaveProperty('cancelling');
  });

  it('an order that was opened for a cancellation that never began: it stays confirmed', async () => {
    placed(open({ outcome: { status: 'CONFIRMED', endedAt: AT } }));
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    await mends({ settled: ['ord_1'] });
    expect(order()).toEqual(
      placedOrder({
        shard,
        outcomeShard: outcomeShard('CONFIRMED'),
        outcome: { status: 'CONFIRMED', endedAt: AT },
      }),
    );
  });

  it('an order that its customer was cancelling, where the engine has forgotten the saga', async () => {
    placed(open({ outcome: { status: 'CONFIRMED', endedAt: AT } }));
    await expect(reconcile()).resolves.toEqual({ ...NOTHING, started: ['ord_1'] });
    expect(engine.starts()).toMatchObject([
      { machine: continuation, name: 'ord_1-1', input: { failure: { Error: 'CancelledByCustomer' } } },
    ]);
  });

  it('an order that its customer has cancelled, and whose event was lost', async () => {
    placed(open({ outcome: { status: 'CONFIRMED', endedAt: AT } }));
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    engine.has(continuation, 'ord_1-1', begun, undone('CancelledByCustomer'));
    await mends({ settled: ['ord_1'] });
    expect(order()).toMatchObject({ outcome: { status: 'CANCELLED', reason: 'CancelledByCustomer' } });
  });

  it('an order whose cancellation was called off as its parcel had left, and whose event was lost', async () => {
    const confirmed = { status: 'CONFIRMED', endedAt: AT } as const;
    placed(open({ outcome: confirmed, cancelling: { at: AT, by: 'customer-1' } }));
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    engine.has(continuation, 'ord_1-1', begun, entered('PublishOrderKept'), succeeded);
    await mends({ settled: ['ord_1'] });
    expect(order()).toEqual(
      placedOrder({
        shard,
        outcomeShard: outcomeShard('CONFIRMED'),
        outcome: { ...confirmed, isKept: true },
      }),
    );
    expect(functions.invoked()).toEqual([]);
  });

  it('an order whose workflow has ended as it should not, and nobody was told', async () => {
    placed(open(), open({ orderId: 'ord_2' }));
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'), aborted);
    engine.has(fulfillment, 'ord_2', begun, entered('PublishOrderConfirmed'), aborted);
    await mends({ recovered: ['ord_1', 'ord_2'] });
    expect(engine.starts()).toMatchObject([
      { machine: continuation, name: 'ord_1-1' },
      { machine: continuation, name: 'ord_2-1' },
    ]);
  });

  it('an order that was recovered often enough, by parking it', async () => {
    placed(open());
    engine.has(fulfillment, 'ord_1', begun, aborted);
    for (const name of ['ord_1-1', 'ord_1-2', 'ord_1-3']) engine.has(continuation, name, begun, aborted);
    await mends({ recovered: ['ord_1'] });
    expect(order()).toMatchObject({ parkedAt: AT, parking: { state: 'Recovery' } });
    expect(bus.published()).toMatchObject([{ type: 'OrderNeedsAttention' }]);
  });
});

describe('a settlement', () => {
  beforeEach(() => {
    placed(open());
    engine.has(fulfillment, 'ord_1', begun, entered('OrderCancelled'), undone('OutOfStockError'));
  });

  it('is not made where the event has come in the meantime', async () => {
    const ended = placedOrder({ outcome: { status: 'CANCELLED', endedAt: AT, reason: 'by the event' } });
    tables.beforeNextWrite(async () => placed(ended));
    await expect(reconcile()).resolves.toEqual(NOTHING);
    expect(order()).toEqual(ended);
  });

  it('is not made where the stock could not be asked to let go: the next look tries again', async () => {
    functions.fail('InventoryUnavailableError');
    await expect(reconcile()).resolves.toEqual({ ...NOTHING, failed: ['ord_1'] });
    expect(order()).toEqual(seen());
    functions = functionsInMemory({ 'order-saga-dev-ReleaseInventory': null });
    await expect(reconcile({ everything: true })).resolves.toEqual({ ...NOTHING, settled: ['ord_1'] });
  });
});

it('says what it has found, and what it has mended', async () => {
  placed(open());
  await expect(logLinesOf(() => reconcile({ everything: true }))).resolves.toMatchObject([
    { OrdersOpen: 1, OrdersParked: 0, OrdersOverdue: 1 },
    { message: 'orders overdue', orderIds: ['ord_1'] },
    { level: 'INFO', message: 'reconciled', started: ['ord_1'], settled: [], recovered: [], failed: [] },
  ]);
});

it.each([
  [0, true],
  [5, true],
  [6, false],
])(
  'counts the open orders as often as somebody looks at the count: in minute %d, %s',
  async (minute, isTime) => {
    jest.spyOn(Date.prototype, 'getUTCMinutes').mockReturnValue(minute);
    placed(open());
    const lines = await logLinesOf(() => reconcile());
    expect(lines.some((line) => 'OrdersOpen' in line)).toBe(isTime);
  },
);

it('mends the orders beside one that cannot be mended', async () => {
  placed(open(), open({ orderId: 'ord_2' }));
  engine.calls.on(StartExecutionCommand).rejectsOnce(new Error('engine away')).resolves({});
  const { started, failed } = (await reconcile()) as unknown as { started: string[]; failed: string[] };
  expect([...started, ...failed].sort()).toEqual(['ord_1', 'ord_2']);
  expect([started.length, failed.length]).toEqual([1, 1]);
});

it('leaves an order alone that its customer has just asked to cancel: the cancellation is about to start', async () => {
  const outcome = { status: 'CONFIRMED' as const, endedAt: AT };
  const openSince = new Date().toISOString();
  placed(open({ outcome, openSince }));
  engine.has(fulfillment, 'ord_1', begun, entered('PublishOrderConfirmed'), succeeded);
  await expect(reconcile({ everything: true })).resolves.toEqual(NOTHING);
  expect(order()).toMatchObject({ openSince });
});

describe('an order that was opened a moment ago', () => {
  const openSince = new Date().toISOString();

  it('is settled where it has gone through already', async () => {
    placed(open({ openSince }));
    engine.has(fulfillment, 'ord_1', begun, entered('PublishOrderConfirmed'), succeeded);
    await expect(reconcile({ everything: true })).resolves.toEqual({ ...NOTHING, settled: ['ord_1'] });
  });

  it('is settled where its cancellation has gone through already', async () => {
    placed(open({ openSince, outcome: { status: 'CONFIRMED', endedAt: AT } }));
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    engine.has(continuation, 'ord_1-1', begun, entered('OrderCancelled'), undone('CancelledByCustomer'));
    await expect(reconcile({ everything: true })).resolves.toEqual({ ...NOTHING, settled: ['ord_1'] });
    expect(order()).toMatchObject({ outcome: { status: 'CANCELLED', reason: 'CancelledByCustomer' } });
  });
});

it('says of an order that could not be mended what it failed on, under its correlation id', async () => {
  placed(open({ openSince: new Date().toISOString() }));
  engine.calls.on(StartExecutionCommand).rejects(new Error('engine away'));
  await expect(logLinesOf(() => reconcile({ everything: true }))).resolves.toContainEqual(
    expect.objectContaining({ message: 'not mended', orderId: 'ord_1', correlationId: 'corr-1' }),
  );
});

describe('a pass', () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const waitingFor = (orderId: string, minutes: number) => open({ orderId, lookedAt: minutesAgo(minutes) });

  it('asks the engine nothing of an order that is young, or was looked at just now', async () => {
    placed(waitingFor('ord_1', 4), waitingFor('ord_2', 6));
    await expect(pass()).resolves.toMatchObject({ looked: 1, more: false, started: ['ord_2'] });
    await expect(pass()).resolves.toMatchObject({ looked: 0 });
  });

  it('for an operator looks at all, whether or not it is their turn', async () => {
    placed(waitingFor('ord_1', 1), waitingFor('ord_2', 6));
    await expect(pass({ everything: true })).resolves.toMatchObject({ looked: 2, more: false });
  });

  it('begins no look that its time might cut off, and says that more follow', async () => {
    placed(waitingFor('ord_1', 6));
    await expect(pass({}, 15_000)).resolves.toMatchObject({ looked: 0, more: true });
    expect(engine.calls.calls()).toEqual([]);
    await expect(pass()).resolves.toMatchObject({ looked: 1, more: false });
  });

  it('beside another looks at no order twice', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `ord_${index}`);
    placed(...ids.map((id) => waitingFor(id, 6)));
    const passes = (await Promise.all([pass(), pass()])) as unknown as { looked: number }[];
    expect(passes.reduce((sum, { looked }) => sum + looked, 0)).toBe(30);
    expect(engine.starts()).toHaveLength(30);
  });

  it('looks again at what it could not mend when it is its turn again, behind all others', async () => {
    placed(waitingFor('ord_1', 9), waitingFor('ord_2', 8));
    engine.calls.on(StartExecutionCommand).rejects(new Error('engine away'));
    await expect(pass()).resolves.toMatchObject({ failed: ['ord_1', 'ord_2'] });
    await expect(pass()).resolves.toMatchObject({ looked: 0, failed: [] });
  });
});

it('does not settle an order that was confirmed, and is being cancelled, since it was looked at', async () => {
  placed(open());
  engine.has(fulfillment, 'ord_1', begun, entered('PublishOrderConfirmed'), succeeded);
  const outcome = { status: 'CONFIRMED', endedAt: AT } as const;
  const later = new Date().toISOString();
  // The last event comes, and then the customer: between the look at the engine and what is written of it.
  engine.calls.on(GetExecutionHistoryCommand).callsFake(async ({ executionArn: arn }) => {
    if (arn !== executionArn(fulfillment, 'ord_1'))
      throw new ExecutionDoesNotExist({ $metadata: {}, message: arn });
    tables.seed('Orders', { ...open({ outcome, openSince: later, lookedAt: later }) });
    return { events: [succeeded] };
  });
  await reconcile();
  expect(order()).toMatchObject({ openSince: later, outcome });
});
