import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as parkOrder } from '../../lambdas/orders/workflow/park-order.ts';
import { type Run, workflow } from '../../lambdas/orders/workflow/workflow.ts';
import { continuationOf } from '../../lib/workflow/continuation.ts';
import { type Execution, launch } from '../../local/aws/step-functions/execution.ts';
import { type Machine, machineOf } from '../../local/aws/step-functions/state-machine.ts';
import { taskTokens } from '../../local/aws/step-functions/task-tokens.ts';
import { journal } from '../../local/journal.ts';
import { STEPS, WAITS } from '../../saga/steps.ts';
import { schemaErrors } from '../contracts/schema-errors.ts';
import { type BusInMemory, busInMemory } from '../lambdas/bus-in-memory.ts';
import { lambdaContext } from '../lambdas/lambda-context.ts';
import { executionsInMemory } from '../lambdas/orders/executions-in-memory.ts';
import { placedOrder } from '../lambdas/orders/placed-orders.ts';
import { tablesInMemory } from '../lambdas/tables-in-memory.ts';
import { FENCE, isPark } from './compensation-graph.ts';
import { type Definition, orderFulfillment, PUT_EVENTS, placeholdersIn } from './definition.ts';

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: {
    metadata: { schemaVersion: number };
    data: Readonly<Record<string, unknown>>;
  };
}
interface Published {
  readonly source?: string;
  readonly type: string;
  readonly detail: Entry['Detail'];
}
/** What goes wrong: the error of each task that fails at every attempt, until the order was parked and goes on. */
type Failures = Readonly<Record<string, string>>;

const ALIASES = {
  FULFILLMENT_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:Fulfillment:live',
  CONTINUATION_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:Continuation:live',
};
const DEFINITIONS: Readonly<Record<string, Definition>> = {
  [ALIASES.FULFILLMENT_ARN]: orderFulfillment,
  [ALIASES.CONTINUATION_ARN]: continuationOf(orderFulfillment),
};
const shipment = { trackingNumber: 'SBX1' };
const orders = workflow(ALIASES);
const order = placedOrder();

let bus: BusInMemory;
beforeEach(() => {
  tablesInMemory({ Orders: 'orderId' }).seed('Orders', { ...order });
  bus = busInMemory();
});

const named = (name: string) => Object.assign(new Error('made to fail'), { name });

/** Each is checked once: that is what takes time. */
const machines = new Map<Definition, Machine>();
const machineFrom = (definition: Definition): Machine => {
  const known = machines.get(definition);
  if (known) return known;
  const substitutions = placeholdersIn(definition).map((name) => [
    name,
    `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  ]);
  const properties = {
    StateMachineName: 'Machine',
    DefinitionString: JSON.stringify(definition),
    DefinitionSubstitutions: Object.fromEntries(substitutions),
    RoleArn: 'role/Role',
  };
  const machine = machineOf(
    { logicalId: '', type: '', properties, ref: '', arn: '', assetPath: undefined },
    0,
  );
  machines.set(definition, machine);
  return machine;
};

/** Runs a definition with its tasks answered here, and tells whatever was put on the bus on the way, by it or by park-order. */
const eventsOf = async (
  definition: Definition,
  input: object,
  failures: Failures = {},
  word: object = {},
): Promise<Published[]> => {
  const put: Published[] = [];
  let goesOn = false;
  const answer = async (state: string, parameters: object): Promise<object> => {
    const error = failures[state];
    if (isPark(definition, state)) {
      await parkOrder((parameters as { Payload: object }).Payload, lambdaContext);
      goesOn = true;
      if (error) throw named(error);
      return word;
    }
    if (definition.States[state]?.Resource === PUT_EVENTS) {
      // Also where the answer is lost: the event may be on the bus.
      const { Entries } = parameters as { Entries: readonly Entry[] };
      put.push(
        ...Entries.map(({ Source: source, DetailType: type, Detail: detail }) => ({ source, type, detail })),
      );
    }
    if (error && !goesOn) throw named(error);
    return ['CreateShipment', 'KeepShipment'].includes(state) ? shipment : {};
  };
  const { promise: ended, resolve } = Promise.withResolvers<Execution>();
  launch({
    machine: machineFrom(definition),
    arn: 'arn:aws:states:us-east-1:000000000000:execution:Machine:ord_1',
    name: 'ord_1',
    input: JSON.stringify(input),
    tasks: { run: ({ state, input }) => answer(state, input as object) },
    tokens: taskTokens(journal(undefined)),
    onEntered: () => {},
    onCheckpoint: () => {},
    onEnded: resolve,
  });
  const { status, error } = await ended;
  expect(['', 'OrderCancelled']).toContain(status === 'SUCCEEDED' ? '' : error);
  return [...put, ...bus.published()];
};

/** The same for an execution that our own functions start, by the machine and with the input that they give it. */
const eventsOfStarted = async (
  start: () => Promise<unknown>,
  failures?: Failures,
  word?: object,
): Promise<Published[]> => {
  const engine = executionsInMemory();
  await start();
  const [started] = engine.starts();
  if (!started) throw new Error('nothing was started');
  const definition = DEFINITIONS[String(started.machine)];
  if (!definition) throw new Error(`${started.machine} is no machine`);
  return eventsOf(definition, started.input as object, failures, word);
};

const expectValid = (events: readonly Published[]) => {
  for (const event of events) expect(schemaErrors(event)).toEqual([]);
};
/** Once each, however often, and in however many versions, they were published. */
const kindsOf = (events: readonly Published[]) => [
  ...new Set(events.map(({ type, detail }) => (detail.data.reason ? `${type} ${detail.data.reason}` : type))),
];
const confirmed = 'OrderConfirmed';
const cancelled = (reason: string) => `OrderCancelled ${reason}`;
const parked = 'OrderNeedsAttention';

const ended = (run: Partial<Run>): Run => ({
  machine: 'fulfillment',
  name: 'ord_1',
  number: 0,
  abnormalEnds: 1,
  end: 'ABNORMAL',
  ...run,
});

const steps = Object.entries(orderFulfillment.States).filter(([name]) => name in STEPS);
const failingSteps = steps.flatMap(([state, { Retry = [], Catch = [] }]) =>
  [
    ...Catch.filter(({ Next }) => !WAITS.has(Next))
      .flatMap(({ ErrorEquals }) => ErrorEquals)
      .filter((error) => error !== 'States.ALL'),
    ...(Retry[0]?.ErrorEquals.slice(-1) ?? []),
    'States.Timeout',
    'Lambda.Unknown',
  ].map((error) => [state, error] as const),
);
it('each step has a business error, the fence, and errors that are ambiguous', () => {
  expect(failingSteps).toHaveLength(steps.length * 5);
  expect(failingSteps.filter(([, error]) => error === FENCE)).toHaveLength(steps.length);
});

const start = () => orders.start(order);
const waits = [...WAITS.keys()];
const waitingFor = (state: string) =>
  steps.flatMap(([step, { Catch = [] }]) =>
    Catch.filter(({ Next }) => Next === state).map(({ ErrorEquals: [error = ''] }) => ({ [step]: error })),
  );

describe('what the workflow publishes meets the published schema', () => {
  it('where all goes well', async () => {
    const events = await eventsOfStarted(start);
    expectValid(events);
    expect(kindsOf(events)).toEqual([confirmed]);
  });

  it.each(failingSteps)('where %s fails by %s', async (state, error) => {
    const events = await eventsOfStarted(start, { [state]: error });
    expectValid(events);
    expect(kindsOf(events)).toEqual([cancelled(error)]);
  });

  it.each(waits)('where nobody comes to %s', async (wait) => {
    for (const undecided of waitingFor(wait)) {
      const events = await eventsOfStarted(start, { ...undecided, [wait]: 'States.Timeout' });
      expectValid(events);
      expect(kindsOf(events)).toEqual([cancelled('PaymentExpired')]);
    }
  });

  it.each(waits)('where %s fails for long', async (wait) => {
    for (const undecided of waitingFor(wait)) {
      const events = await eventsOfStarted(start, { ...undecided, [wait]: 'Lambda.Unknown' });
      expectValid(events);
      expect(kindsOf(events)).toEqual([cancelled('Lambda.Unknown')]);
    }
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['its customer cancels', () => orders.startCancellation(order, 1), cancelled('CancelledByCustomer')],
    [
      'an execution was aborted within a step',
      () =>
        orders.recover(
          order,
          ended({ step: 'ReserveInventory', input: { ...order }, reason: 'ExecutionAborted' }),
        ),
      cancelled('ExecutionAborted'),
    ],
    [
      'an execution was aborted within an undo',
      () =>
        orders.recover(
          order,
          ended({ step: 'RefundPayment', input: { failure: { Error: 'OutOfStockError', Cause: '{}' } } }),
        ),
      cancelled('OutOfStockError'),
    ],
    [
      'an execution has ended before its first state',
      () => orders.recover(order, ended({})),
      cancelled('ExecutionAborted'),
    ],
    [
      'an execution was aborted at the publication',
      () => orders.recover(order, ended({ step: 'PublishOrderConfirmed', input: { shipment } })),
      confirmed,
    ],
    [
      'an execution was aborted while it was parked at the publication',
      () => orders.recover(order, ended({ step: 'ParkConfirmation', input: { shipment } })),
      confirmed,
    ],
  ])('where %s', async (_, go, expected) => {
    const events = await eventsOfStarted(go);
    expectValid(events);
    expect(kindsOf(events)).toEqual([expected]);
  });

  describe.each([
    ['an operator resumes it', {}],
    [
      'a day has gone by',
      { ParkUndo: 'States.Timeout', ParkConfirmation: 'States.Timeout', ParkCancellation: 'States.Timeout' },
    ],
  ] as const)('after a parking, where %s,', (_, parks: Failures) => {
    const declined = { CreateShipment: 'AddressUndeliverableError' };
    it.each<[string, Failures, string]>([
      [
        'CancelShipment',
        { CreateShipment: 'States.Timeout', CancelShipment: 'ShipmentDispatchedError' },
        cancelled('States.Timeout'),
      ],
      [
        'ReleaseInventory',
        { ...declined, ReleaseInventory: 'States.Timeout' },
        cancelled('AddressUndeliverableError'),
      ],
      [
        'RefundPayment',
        { ...declined, RefundPayment: 'Lambda.Unknown' },
        cancelled('AddressUndeliverableError'),
      ],
      ['PublishOrderConfirmed', { PublishOrderConfirmed: 'EventBridge.FailedEntry' }, confirmed],
      [
        'PublishOrderCancelled',
        { ...declined, PublishOrderCancelled: 'States.Timeout' },
        cancelled('AddressUndeliverableError'),
      ],
    ])('that %s brought about', async (_state, failures, end) => {
      const events = await eventsOfStarted(start, { ...failures, ...parks });
      expectValid(events);
      expect(kindsOf(events)).toEqual([end, parked]);
    });
  });
});

describe('where an order is kept whose parcel had left', () => {
  const left = { CancelShipment: 'ShipmentDispatchedError' };
  const parkedAt = '2026-01-15T09:36:00.000Z';
  const KeepShipment = { note: 'gone', by: 'operator-1', at: parkedAt, parkedAt };
  const kept = (reason: string) => `OrderKept ${reason}`;

  it.each<[string, () => Promise<unknown>, Failures, string]>([
    ['never confirmed', start, { CreateShipment: 'States.Timeout' }, confirmed],
    [
      'confirmed, and cancelled by its customer',
      () => orders.startCancellation(order, 1),
      {},
      kept('CancelledByCustomer'),
    ],
    [
      'confirmed, and cancelled by an operator',
      () => orders.startCancellation(order, 1, 'CancelledByOperator'),
      {},
      kept('CancelledByOperator'),
    ],
  ])('it is told so: %s', async (_, go, failures, told) => {
    const events = await eventsOfStarted(go, { ...failures, ...left }, { KeepShipment });
    expectValid(events);
    expect(kindsOf(events)).toEqual([told, parked]);
  });

  it('it is told so where the execution that kept it was aborted', async () => {
    const input = {
      ...order,
      failure: { Error: 'CancelledByCustomer' },
      wasConfirmed: true,
      resolutions: { KeepShipment },
    };
    const events = await eventsOfStarted(() => orders.recover(order, ended({ step: 'KeepShipment', input })));
    expectValid(events);
    expect(kindsOf(events)).toEqual([kept('CancelledByCustomer')]);
    expect(events[0]?.detail.metadata).toMatchObject({ eventId: `ord_1#OrderKept#${parkedAt}` });
  });
});

describe('it would be found if the definition', () => {
  const changed = (from: string, to: string): Definition => {
    const text = JSON.stringify(orderFulfillment);
    expect(text).toContain(from);
    return JSON.parse(text.replaceAll(from, () => to));
  };
  it.each([
    [
      'renamed a field',
      '"trackingNumber.$":',
      '"tracking.$":',
      "/detail/data must have required property 'trackingNumber'",
    ],
    [
      'wrote another type',
      '"totalCents.$":"$.totalCents","currency.$":"$.currency","trackingNumber.$"',
      '"totalCents.$":"$.currency","currency.$":"$.currency","trackingNumber.$"',
      '/detail/data/totalCents must be integer',
    ],
    [
      'left the time out',
      '"occurredAt.$":"$$.State.EnteredTime"',
      '"at.$":"$$.State.EnteredTime"',
      "/detail/metadata must have required property 'occurredAt'",
    ],
    [
      'wrote something else for the time',
      '"occurredAt.$":"$$.State.EnteredTime"',
      '"occurredAt.$":"$$.State.Name"',
      '/detail/metadata/occurredAt must match format "date-time"',
    ],
    [
      'spoke as another source',
      '"Source":"order-saga"',
      '"Source":"orders"',
      '/source must be equal to one of the allowed values',
    ],
  ])('%s', async (_, from, to, error) => {
    const events = await eventsOf(changed(from, to), { ...order, resolutions: {} });
    expect(new Set(events.flatMap(schemaErrors))).toEqual(new Set([error]));
  });
});
