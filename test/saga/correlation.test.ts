import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../local/faults/faults.ts';
import { openShop, type PublishedEvent, type Shop } from '../../testbed/shop.ts';
import { dev } from '../lib/templates.ts';

type Row = Record<string, unknown>;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface Counted {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

/** An order of its own, under a correlation id of its own, and how its way is. */
interface Story {
  readonly correlationId: string;
  readonly wish?: Parameters<Shop['bodyOf']>[0];
  readonly faults?: readonly Omit<Fault, 'orderId'>[];
  /** A later call about it, by someone who brings another id: `POST <path>`. */
  readonly call?: { readonly by: string; readonly path: (orderId: string) => string };
  readonly events: readonly string[];
  readonly executions: number;
}

const refundFails = Array.from({ length: 11 }, (_, index) => ({
  state: 'RefundPayment',
  attempt: index + 1,
  fault: 'error-before' as const,
}));

const STORIES: readonly Story[] = [
  {
    correlationId: 'goes-through',
    // Many of one thing: fraud is suspected, and so an event causes another.
    wish: { items: [{ sku: 'MUG', quantity: 12 }] },
    events: ['OrderConfirmed', 'FraudSuspected'],
    executions: 1,
  },
  { correlationId: 'is-undone', wish: { postalCode: '00000' }, events: ['OrderCancelled'], executions: 1 },
  {
    correlationId: 'is-fenced-before-it-began',
    faults: [{ state: 'ReserveInventory', attempt: 1, fault: 'timeout-after', calls: 0 }],
    events: ['OrderCancelled'],
    executions: 1,
  },
  {
    correlationId: 'is-parked-and-resumed',
    faults: [{ state: 'CreateShipment', attempt: 1, fault: 'error-after' }, ...refundFails],
    call: { by: 'an-operator-calls', path: (orderId) => `/ops/orders/${orderId}/resume` },
    events: ['OrderNeedsAttention', 'OrderCancelled'],
    executions: 1,
  },
  {
    correlationId: 'is-aborted',
    faults: [{ state: 'CreateShipment', attempt: 1, fault: 'abort', calls: 1 }],
    events: ['OrderCancelled'],
    executions: 2,
  },
  {
    correlationId: 'is-cancelled-by-its-customer',
    call: { by: 'the-customer-calls', path: (orderId) => `/orders/${orderId}/cancel` },
    events: ['OrderConfirmed', 'OrderCancelled'],
    executions: 2,
  },
];

/**
 * The outside worlds know an order by the key that they were given, which holds its id; stock is of no one order; what an
 * operator has asked for is known by the id of that call.
 */
const OUTSIDE = /Sandbox|^InventoryStock$|^Actions$/;
/** Says something only where it goes on with an order, and then as a metric. */
const SILENT = ['RecoverOrder'];
/** `ChargePayment`, of `charge-payment`. */
const functionOf = ({ service }: Row) =>
  String(service).replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

let shop: Shop;
/** What was logged up to the last story's end. */
let lines: readonly Row[];
const tables = async () =>
  ((await shop.stack.call('DynamoDB_20120810', 'ListTables', {})) as { TableNames: string[] }).TableNames;
/** Every row of every table, as text behind its table's name. */
const everyRow = async () => {
  const found = await Promise.all(
    (await tables()).map(async (table) =>
      (await shop.rows(table)).map((row) => `${table} ${JSON.stringify(row)}`),
    ),
  );
  return found.flat();
};
const inputsOf = async (orderId: string): Promise<Row[]> => {
  const arn = 'arn:aws:states:us-east-1:000000000000';
  const machines = ['OrderFulfillment', 'OrderContinuation'];
  const inputs = machines.map(async (machine) => {
    const { executions } = (await shop.stack.call('AWSStepFunctions', 'ListExecutions', {
      stateMachineArn: `${arn}:stateMachine:order-saga-dev-${machine}`,
    })) as { executions: { executionArn: string; name: string }[] };
    const own = executions.filter(({ name }) => name.startsWith(orderId));
    return Promise.all(
      own.map(async ({ executionArn }) => {
        const { input } = (await shop.stack.call('AWSStepFunctions', 'DescribeExecution', {
          executionArn,
        })) as { input: string };
        return JSON.parse(input) as Row;
      }),
    );
  });
  return (await Promise.all(inputs)).flat();
};

/** Runs the story while nothing else runs: whatever is new afterwards, this order has caused. */
const tell = async ({ correlationId, wish, faults = [], call }: Story) => {
  const before = { rows: new Set(await everyRow()), counts: shop.stack.counts() };
  const invocationsBefore = { ...before.counts.invocations };
  shop.stack.faults.add(faults);
  const placed = await shop.request('POST', '/orders', shop.bodyOf(wish ?? {}), {
    'x-correlation-id': correlationId,
  });
  const orderId = String(placed.body.orderId);
  await shop.settle();
  if (call) {
    await shop.request('POST', call.path(orderId), {}, { 'x-correlation-id': call.by });
    await shop.settle();
  }
  const invoked = Object.entries(shop.stack.counts().invocations)
    .filter(([name, times]) => times > (invocationsBefore[name] ?? 0))
    .map(([name]) => name.replace('order-saga-dev-', ''));
  return {
    orderId,
    invoked,
    rows: (await everyRow()).filter((row) => !before.rows.has(row)),
    events: shop.stack.published().slice(before.counts.events) as unknown as readonly PublishedEvent[],
    inputs: await inputsOf(orderId),
  };
};

const told = new Map<string, Awaited<ReturnType<typeof tell>>>();
/** Every function's last line comes by a stream of its own, a little after its answer. */
const everythingIsLogged = async () => {
  const invocations = Object.entries(shop.stack.counts().invocations)
    .map(([name, times]) => [name.replace('order-saga-dev-', ''), times] as const)
    .filter(([name]) => !SILENT.includes(name));
  const linesOf = (name: string) => shop.logs.filter((line) => line.message && functionOf(line) === name);
  while (invocations.some(([name, times]) => linesOf(name).length < times)) await delay(10);
};

beforeAll(async () => {
  shop = await openShop();
  for (const story of STORIES) told.set(story.correlationId, await tell(story));
  await everythingIsLogged();
  lines = [...shop.logs];
});
afterAll(() => shop.close());

describe.each(STORIES)('an order that $correlationId has its correlation id', (story) => {
  const { correlationId } = story;
  const caused = () => told.get(correlationId) as Awaited<ReturnType<typeof tell>>;

  it('on every line of every function that was invoked for it, but for the line of who called about it', () => {
    const { orderId, invoked } = caused();
    const own = lines.filter((line) => line.correlationId === correlationId || line.orderId === orderId);
    const others = own.filter((line) => line.correlationId !== correlationId);
    expect([...new Set(others.map((line) => `${line.correlationId} ${line.orderId}`))]).toEqual(
      story.call ? [`${story.call.by} ${orderId}`] : [],
    );
    const spoke = new Set(own.filter((line) => line.message).map(functionOf));
    expect([...spoke].sort()).toEqual(invoked.filter((name) => !SILENT.includes(name)).sort());
  });

  it('in every record of ours that it has changed; outside, its own id', () => {
    const { orderId, rows } = caused();
    const ours = rows.filter((row) => !OUTSIDE.test(row.split(' ')[0] ?? ''));
    expect(new Set(ours.map((row) => row.split(' ')[0])).size).toBeGreaterThanOrEqual(5);
    expect(ours.filter((row) => !row.includes(`"correlationId":"${correlationId}"`))).toEqual([]);
    const outside = rows.filter((row) => /Sandbox/.test(row));
    expect(outside.length).toBeGreaterThan(0);
    expect(outside.filter((row) => !row.includes(orderId))).toEqual([]);
  });

  it('in every event', () => {
    const { events } = caused();
    expect(events.map((event) => event['detail-type'])).toEqual(story.events);
    expect(events.filter(({ detail }) => detail.metadata.correlationId !== correlationId)).toEqual([]);
  });

  it('in the input of every execution', () => {
    const { inputs } = caused();
    expect(inputs).toHaveLength(story.executions);
    expect(inputs.filter((input) => input.correlationId !== correlationId)).toEqual([]);
  });
});

it('no line is without one', () => {
  const known = STORIES.flatMap(({ correlationId, call }) => [correlationId, ...(call ? [call.by] : [])]);
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.filter(({ correlationId }) => !known.includes(String(correlationId)))).toEqual([]);
});

it('the abnormal end was counted, for the order whose it was', () => {
  const counted = lines.filter((line) => line.AbnormalEnds);
  expect(counted).toMatchObject([{ AbnormalEnds: 1, correlationId: 'is-aborted' }]);
});

it('alarms and dashboard look at what is counted, under the names and the dimensions that it is counted by', async () => {
  await shop.stack.invoke('order-saga-dev-ReconcileOrders', { everything: true });
  while (!shop.logs.some(({ message }) => message === 'reconciled')) await delay(10);
  const counted = shop.logs.flatMap((line) => {
    const { CloudWatchMetrics } = (line._aws ?? { CloudWatchMetrics: [] }) as {
      CloudWatchMetrics: Counted[];
    };
    return CloudWatchMetrics.flatMap(({ Namespace, Dimensions: [dimensions = []], Metrics }) =>
      Metrics.map(({ Name }) => `${Namespace} ${Name} ${dimensions.join()}`),
    );
  });
  const single = (name: string) => `order-saga-dev ${name} service`;
  const watched = [
    ...['OrdersOpen', 'OrdersParked', 'OrdersOverdue', 'AbnormalEnds'].map(single),
    `${single('OrdersConfirmed')},currency`,
    `${single('OrdersCancelled')},reason`,
  ];
  expect([...new Set(counted)]).toEqual(expect.arrayContaining(watched));
  const looksAt = JSON.stringify(
    ['Alarm', 'Dashboard'].map((type) => dev.ofType(`AWS::CloudWatch::${type}`)),
  ).replace(/"(Alarm(Name|Description)|logicalId)":"[^"]*"|alarm:[\w-]+/g, '');
  const names = [...looksAt.matchAll(/Orders(Open|Parked|Overdue|Confirmed|Cancelled)\b|AbnormalEnds/g)];
  expect(new Set(names.map(([name]) => name))).toEqual(new Set(watched.map((each) => each.split(' ')[1])));
});
