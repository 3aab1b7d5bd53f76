import {
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  InvalidToken,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Run, workflow } from '../../../lambdas/orders/workflow.ts';
import {
  AT,
  aborted,
  begun,
  type ExecutionsInMemory,
  entered,
  event,
  executionsInMemory,
  failed,
  succeeded,
  undone,
} from './executions-in-memory.ts';
import { placedOrder } from './placed-orders.ts';

const alias = (name: string) => `arn:aws:states:eu-central-1:123456789012:stateMachine:${name}:live`;
const fulfillment = alias('Fulfillment');
const cancellation = alias('Cancellation');
const confirmation = alias('Confirmation');
const orders = workflow({
  FULFILLMENT_ARN: fulfillment,
  CANCELLATION_ARN: cancellation,
  CONFIRMATION_ARN: confirmation,
});
const { start, startCancellation, recover, runs, wake, whereIs, history } = orders;

const { requestHash: _, ...asPlaced } = placedOrder();
/** With all that the record may have beside the order as it was placed. */
const record = placedOrder({
  outcome: { status: 'CONFIRMED', endedAt: AT },
  openSince: AT,
  parkedAt: AT,
  parking: { state: 'ParkUndo', error: 'E', token: 'token-1', resolutions: {} },
  resumptions: { [AT]: { state: 'ParkUndo', at: AT, by: 'operator-1', notes: {} } },
  review: { signals: ['BULK_QUANTITY'], since: AT },
});

let engine: ExecutionsInMemory;
beforeEach(() => {
  engine = executionsInMemory();
});
const engineIsAway = (command: typeof GetExecutionHistoryCommand | typeof StartExecutionCommand) =>
  engine.calls.on(command as typeof StartExecutionCommand).rejects(new Error('engine away'));
const exists = new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' });

describe('a start', () => {
  it('names the execution by the order, and goes through the alias', async () => {
    await start(placedOrder());
    expect(engine.starts()).toEqual([
      { machine: fulfillment, name: 'ord_1', input: { ...asPlaced, resolutions: {} } },
    ]);
  });

  it('hands on the order as it was placed, and nothing of our bookkeeping', async () => {
    await start(record);
    expect(engine.starts()[0]?.input).toEqual({ ...asPlaced, resolutions: {} });
  });

  it('is content where the execution has ended already', async () => {
    engine.calls.on(StartExecutionCommand).rejects(exists);
    await expect(start(placedOrder())).resolves.toBeUndefined();
  });

  it('passes any other failure on', async () => {
    engineIsAway(StartExecutionCommand);
    await expect(start(placedOrder())).rejects.toThrow('engine away');
  });
});

describe('a cancellation by the customer', () => {
  it('is the undo chain, under the next name, with its reason', async () => {
    await startCancellation(record);
    expect(engine.starts()).toEqual([
      {
        machine: cancellation,
        name: 'ord_1-1',
        input: { ...asPlaced, resolutions: {}, failure: { Error: 'CancelledByCustomer' } },
      },
    ]);
  });

  it('may be an operator’s', async () => {
    await startCancellation(record, 'CancelledByOperator');
    expect(engine.starts()[0]?.input.failure).toEqual({ Error: 'CancelledByOperator' });
  });

  it('is started once', async () => {
    await startCancellation(record);
    engine.has(cancellation, 'ord_1-1', begun, undone('CancelledByCustomer'));
    await expect(startCancellation(record)).resolves.toBeUndefined();
    expect(new Set(engine.starts().map(({ name }) => name))).toEqual(new Set(['ord_1-1']));
  });
});

describe('the executions of an order', () => {
  const found = async () => (await runs('ord_1')).map(({ machine, name, end }) => [machine, name, end]);

  it('are none before it has started', async () => {
    await expect(runs('ord_1')).resolves.toEqual([]);
  });

  it('are looked up under the machine, not under the alias that started them', async () => {
    engine.has(fulfillment, 'ord_1', begun);
    await runs('ord_1');
    const { input } = engine.calls.commandCall(0, GetExecutionHistoryCommand).args[0];
    expect(input).toMatchObject({
      executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:Fulfillment:ord_1',
      reverseOrder: true,
    });
  });

  it('tell of each where it stands, what that step was entered with, and when its last event was', async () => {
    const input = { orderId: 'ord_1', shipment: { trackingNumber: 'SBX1' } };
    const late = { ...aborted, timestamp: new Date('2026-01-15T09:36:00.000Z') };
    engine.has(fulfillment, 'ord_1', begun, entered('ChargePayment', {}), entered('ParkUndo', input), late);
    await expect(runs('ord_1')).resolves.toEqual([
      {
        machine: 'fulfillment',
        name: 'ord_1',
        end: 'ABNORMAL',
        reason: 'ExecutionAborted',
        step: 'ParkUndo',
        input,
        at: '2026-01-15T09:36:00.000Z',
      },
    ]);
  });

  it.each<[string, HistoryEvent]>([
    ['runs', entered('CancelShipment')],
    ['was undone', undone('OutOfStockError')],
  ])('are the saga alone where it %s: nobody has gone on with it', async (_, last) => {
    engine.has(fulfillment, 'ord_1', begun, last);
    expect(await found()).toHaveLength(1);
    expect(engine.calls.commandCalls(GetExecutionHistoryCommand)).toHaveLength(1);
  });

  it('are followed by the cancellation of an order that was confirmed', async () => {
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    engine.has(cancellation, 'ord_1-1', begun);
    expect(await found()).toEqual([
      ['fulfillment', 'ord_1', 'SUCCEEDED'],
      ['cancellation', 'ord_1-1', 'RUNNING'],
    ]);
  });

  it('go on as long as one has ended as it should not', async () => {
    engine.has(fulfillment, 'ord_1', begun, aborted);
    engine.has(confirmation, 'ord_1-1', begun, failed('States.Runtime'));
    engine.has(confirmation, 'ord_1-2', begun, succeeded);
    // Of no order of ours: a number is left out.
    engine.has(confirmation, 'ord_1-4', begun, aborted);
    expect(await found()).toEqual([
      ['fulfillment', 'ord_1', 'ABNORMAL'],
      ['confirmation', 'ord_1-1', 'ABNORMAL'],
      ['confirmation', 'ord_1-2', 'SUCCEEDED'],
    ]);
  });

  it('end with the cancellation of an order that had to be recovered before it was confirmed', async () => {
    engine.has(fulfillment, 'ord_1', begun, aborted);
    engine.has(confirmation, 'ord_1-1', begun, succeeded);
    engine.has(cancellation, 'ord_1-1', begun);
    expect((await found()).at(-1)).toEqual(['cancellation', 'ord_1-1', 'RUNNING']);
  });
});

describe('a recovery', () => {
  const ended = (changes: Partial<Run> = {}): Run => ({
    machine: 'fulfillment',
    name: 'ord_1',
    end: 'ABNORMAL',
    step: 'ReserveInventory',
    input: { ...asPlaced, resolutions: {}, payment: { chargeId: 'ch_1' } },
    reason: 'ExecutionAborted',
    at: AT,
    ...changes,
  });

  it('undoes the order from what its last step was entered with, for the reason of the end', async () => {
    await expect(recover(record, ended())).resolves.toBe(true);
    expect(engine.starts()).toEqual([
      {
        machine: cancellation,
        name: 'ord_1-1',
        input: {
          ...asPlaced,
          payment: { chargeId: 'ch_1' },
          resolutions: {},
          undoFailure: {},
          failure: { Error: 'ExecutionAborted' },
        },
      },
    ]);
  });

  it.each(['PublishOrderConfirmed', 'ParkConfirmation'])(
    'publishes where the order has shipped: %s. Nothing is undone',
    async (step) => {
      const input = { ...asPlaced, resolutions: {}, shipment: { trackingNumber: 'SBX1' } };
      await expect(recover(record, ended({ step, input }))).resolves.toBe(true);
      expect(engine.starts()).toEqual([
        { machine: confirmation, name: 'ord_1-1', input: { ...input, undoFailure: {} } },
      ]);
    },
  );

  it('keeps the failure that came first', async () => {
    const input = { ...asPlaced, failure: { Error: 'OutOfStockError' } };
    await recover(record, ended({ step: 'RefundPayment', input }));
    expect(engine.starts()[0]?.input.failure).toEqual({ Error: 'OutOfStockError' });
  });

  it.each(['RefundPayment', 'ParkUndo', 'ParkConfirmation'])(
    'from %s forgets what could not be undone or told before: it is tried again',
    async (step) => {
      const input = { ...asPlaced, undoFailure: { Error: 'PaymentProviderUnavailableError' } };
      await recover(record, ended({ step, input }));
      expect(engine.starts()[0]?.input.undoFailure).toEqual({});
    },
  );

  it('names a failure even where the end had none, and goes on where no step was entered', async () => {
    const { step: _step, input: _input, reason: _reason, ...rest } = ended();
    await recover(record, rest);
    expect(engine.starts()[0]).toMatchObject({
      machine: cancellation,
      input: { ...asPlaced, resolutions: {}, failure: { Error: 'ExecutionAborted' } },
    });
  });

  it('keeps what was settled by hand, and adds to it', async () => {
    const [first, second] = ['by Ada', 'by Bob'].map((note) => ({ note, by: 'op', at: AT }));
    const input = { ...asPlaced, resolutions: { RefundPayment: first, CancelShipment: first } };
    await recover(record, ended({ input }), true, { RefundPayment: second as never });
    expect(engine.starts()[0]?.input.resolutions).toEqual({ RefundPayment: second, CancelShipment: first });
  });

  it.each([
    ['ord_1', 'ord_1-1'],
    ['ord_1-1', 'ord_1-2'],
    ['ord_1-2', 'ord_1-3'],
  ])('of %s is %s', async (name, next) => {
    await expect(recover(record, ended({ name }))).resolves.toBe(true);
    expect(engine.starts().map((each) => each.name)).toEqual([next]);
  });

  it('is not tried a fourth time', async () => {
    await expect(recover(record, ended({ name: 'ord_1-3' }))).resolves.toBe(false);
    expect(engine.starts()).toEqual([]);
  });

  it('is tried a fourth time where an operator wants it', async () => {
    await expect(recover(record, ended({ name: 'ord_1-3' }), true)).resolves.toBe(true);
    expect(engine.starts().map(({ name }) => name)).toEqual(['ord_1-4']);
  });

  it('counts right where the order id itself ends in a number', async () => {
    const numbered = placedOrder({ orderId: 'ord-7' });
    await recover(numbered, ended({ name: 'ord-7' }));
    await recover(numbered, ended({ name: 'ord-7-1' }));
    expect(engine.starts().map(({ name }) => name)).toEqual(['ord-7-1', 'ord-7-2']);
  });

  it('that has been made before is content with itself', async () => {
    engine.calls.on(StartExecutionCommand).rejects(exists);
    await expect(recover(record, ended())).resolves.toBe(true);
  });
});

describe('a wake-up', () => {
  it('answers the token with the resolutions', async () => {
    engine.waits('token-1');
    const resolutions = { RefundPayment: { note: 'paid in cash', by: 'op', at: AT } };
    await expect(wake('token-1', resolutions)).resolves.toBe(true);
    expect(engine.answers()).toEqual([{ token: 'token-1', output: resolutions }]);
  });

  it.each([
    new TaskTimedOut({ $metadata: {}, message: 'over' }),
    new TaskDoesNotExist({ $metadata: {}, message: 'over' }),
    new InvalidToken({ $metadata: {}, message: 'over' }),
  ])('finds nobody waiting: $name', async (error) => {
    engine.calls.on(SendTaskSuccessCommand).rejects(error);
    await expect(wake('token-1', {})).resolves.toBe(false);
  });

  it('is not thought done where the engine fails', async () => {
    engine.calls.on(SendTaskSuccessCommand).rejects(new Error('engine away'));
    await expect(wake('token-1', {})).rejects.toThrow('engine away');
  });
});

describe('where an order is', () => {
  it.each<[string, HistoryEvent[], object]>([
    ['begun', [begun], { status: 'PENDING' }],
    [
      'come to its second state',
      [begun, entered('ChargePayment'), entered('ReserveInventory'), event('LambdaFunctionScheduled')],
      { status: 'PENDING', step: 'ReserveInventory' },
    ],
    [
      'been confirmed',
      [begun, entered('PublishOrderConfirmed'), succeeded],
      { status: 'CONFIRMED', step: 'PublishOrderConfirmed' },
    ],
    [
      'been cancelled cleanly',
      [begun, entered('OrderCancelled'), undone('OutOfStockError')],
      { status: 'CANCELLED', step: 'OrderCancelled', reason: 'OutOfStockError', undone: [] },
    ],
    [
      'failed in any other way',
      [begun, entered('CreateShipment'), failed('States.Runtime')],
      { status: 'NEEDS_ATTENTION', step: 'CreateShipment', reason: 'States.Runtime', undone: [] },
    ],
    [
      'been stopped by hand',
      [begun, entered('CreateShipment'), aborted],
      { status: 'NEEDS_ATTENTION', step: 'CreateShipment', reason: 'ExecutionAborted', undone: [] },
    ],
    [
      'been ended by a time-out',
      [begun, entered('CreateShipment'), event('ExecutionTimedOut')],
      { status: 'NEEDS_ATTENTION', step: 'CreateShipment', reason: 'ExecutionTimedOut', undone: [] },
    ],
  ])('that has %s', async (_, events, whereabouts) => {
    engine.has(fulfillment, 'ord_1', ...events);
    await expect(whereIs('ord_1')).resolves.toEqual(whereabouts);
  });

  it('is where its last execution is', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('CreateShipment'), aborted);
    engine.has(cancellation, 'ord_1-1', begun, entered('RefundPayment'));
    await expect(whereIs('ord_1')).resolves.toEqual({ status: 'PENDING', step: 'RefundPayment' });
  });

  it('says while the order is undone what failed first, and which undos have run, in whichever execution', async () => {
    const input = { failure: { Error: 'OutOfStockError' } };
    const done = (name: string) => [
      entered(name, input),
      event('LambdaFunctionSucceeded'),
      event('TaskStateExited', { stateExitedEventDetails: { name } }),
    ];
    const inVain = [
      entered('ReleaseInventory', input),
      event('LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: { error: 'E' } }),
      event('TaskStateExited', { stateExitedEventDetails: { name: 'ReleaseInventory' } }),
    ];
    engine.has(fulfillment, 'ord_1', begun, ...inVain, ...done('RefundPayment'), aborted);
    engine.has(cancellation, 'ord_1-1', begun, ...done('CancelShipment'), entered('ReleaseInventory', input));
    await expect(whereIs('ord_1')).resolves.toEqual({
      status: 'PENDING',
      step: 'ReleaseInventory',
      reason: 'OutOfStockError',
      undone: ['CancelShipment', 'RefundPayment'],
    });
  });

  it('is pending where it is recorded and not started yet', async () => {
    await expect(whereIs('ord_1')).resolves.toEqual({ status: 'PENDING' });
  });

  it('is not guessed where the engine fails', async () => {
    engineIsAway(GetExecutionHistoryCommand);
    await expect(whereIs('ord_1')).rejects.toThrow('engine away');
  });
});

describe('the history', () => {
  it('is told execution by execution, each oldest first', async () => {
    const [first, second] = [entered('CreateShipment'), entered('CancelShipment')];
    engine.has(fulfillment, 'ord_1', first, aborted);
    engine.has(cancellation, 'ord_1-1', second);
    await expect(history('ord_1')).resolves.toEqual([
      { machine: 'fulfillment', events: [first, aborted], isWhole: true },
      { machine: 'cancellation', events: [second], isWhole: true },
    ]);
  });

  it('is read page by page', async () => {
    const events = Array.from({ length: 1_001 }, (_, index) => ({ ...entered('Step'), id: index + 1 }));
    engine.has(fulfillment, 'ord_1', ...events);
    await expect(history('ord_1')).resolves.toEqual([{ machine: 'fulfillment', events, isWhole: true }]);
  });

  it('leaves out the oldest events where there are too many', async () => {
    const events = Array.from({ length: 25_000 }, (_, index) => ({ ...entered('Step'), id: index + 1 }));
    engine.has(fulfillment, 'ord_1', ...events);
    await expect(history('ord_1')).resolves.toEqual([
      { machine: 'fulfillment', events: events.slice(-3_000), isWhole: false },
    ]);
    // One to find the execution, and no more than three to read it.
    expect(engine.calls.commandCalls(GetExecutionHistoryCommand)).toHaveLength(4);
  });

  it('of an order that has not started is empty', async () => {
    await expect(history('ord_1')).resolves.toEqual([]);
  });

  it('is not guessed where the engine fails', async () => {
    engineIsAway(GetExecutionHistoryCommand);
    await expect(history('ord_1')).rejects.toThrow('engine away');
  });
});
