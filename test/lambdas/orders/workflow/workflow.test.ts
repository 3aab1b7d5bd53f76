import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  InvalidToken,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Run, workflow } from '../../../../lambdas/orders/workflow/workflow.ts';
import {
  AT,
  aborted,
  begun,
  type ExecutionsInMemory,
  entered,
  event,
  executionArn,
  executionsInMemory,
  failed,
  succeeded,
  undone,
} from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const alias = (name: string) => `arn:aws:states:eu-central-1:123456789012:stateMachine:${name}:live`;
const fulfillment = alias('Fulfillment');
const continuation = alias('Continuation');
const orders = workflow({
  FULFILLMENT_ARN: fulfillment,
  CONTINUATION_ARN: continuation,
});
const { start, placeOfCancellation, startCancellation, recover, runs, wake, whereIs, history } = orders;

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
  const cancel = async (reason?: 'CancelledByOperator') => {
    const place = await placeOfCancellation(record);
    if (place !== undefined) await startCancellation(record, place, reason);
  };

  it('is the undo chain, under the next name, with its reason', async () => {
    await cancel();
    expect(engine.starts()).toEqual([
      {
        machine: continuation,
        name: 'ord_1-1',
        input: {
          ...asPlaced,
          resolutions: {},
          failure: { Error: 'CancelledByCustomer' },
          wasConfirmed: true,
          goOnFrom: 'CancelShipment',
        },
      },
    ]);
  });

  it('may be an operator’s', async () => {
    await cancel('CancelledByOperator');
    expect(engine.starts()[0]?.input.failure).toEqual({ Error: 'CancelledByOperator' });
  });

  const confirming = { goOnFrom: 'PublishOrderConfirmed' };

  it('comes behind what has gone on with the order before', async () => {
    engine.has(fulfillment, 'ord_1', begun, aborted);
    engine.has(continuation, 'ord_1-1', begun, entered('PublishOrderConfirmed', confirming), aborted);
    engine.has(continuation, 'ord_1-2', begun, entered('PublishOrderConfirmed', confirming), succeeded);
    await cancel();
    expect(engine.starts()).toMatchObject([{ name: 'ord_1-3', input: { goOnFrom: 'CancelShipment' } }]);
  });

  it('does not wait for a publication whose answers were lost', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('ParkConfirmation'));
    await cancel();
    expect(engine.starts()).toMatchObject([{ name: 'ord_1-1' }]);
  });

  it('comes behind who goes on with the order at the same moment', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('PublishOrderConfirmed'), aborted);
    engine.calls.on(StartExecutionCommand, { name: 'ord_1-1' }).callsFake(async () => {
      engine.has(continuation, 'ord_1-1', begun, entered('PublishOrderConfirmed', confirming));
      throw exists;
    });
    await cancel();
    expect(engine.starts().map(({ name }) => name)).toEqual(['ord_1-1', 'ord_1-2']);
  });

  it('is not thought started where others are first again and again', async () => {
    engine.calls.on(StartExecutionCommand).rejects(exists);
    await expect(cancel()).rejects.toThrow('others go on with order ord_1');
  });

  it('is left to its recovery where it has ended as it should not', async () => {
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    engine.has(
      continuation,
      'ord_1-1',
      begun,
      entered('RefundPayment', { goOnFrom: 'CancelShipment' }),
      aborted,
    );
    await cancel();
    expect(engine.starts()).toEqual([]);
  });

  it('is started once', async () => {
    await cancel();
    engine.has(continuation, 'ord_1-1', begun, undone('CancelledByCustomer'));
    await expect(cancel()).resolves.toBeUndefined();
    expect(new Set(engine.starts().map(({ name }) => name))).toEqual(new Set(['ord_1-1']));
  });

  it('that comes late finds itself in its place, and starts no other behind it', async () => {
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    const place = await placeOfCancellation(record);
    engine.has(
      continuation,
      'ord_1-1',
      begun,
      entered('PublishOrderKept', { goOnFrom: 'CancelShipment' }),
      succeeded,
    );
    engine.calls.on(StartExecutionCommand, { name: 'ord_1-1' }).rejects(exists);
    await startCancellation(record, place as number);
    expect(engine.starts().map(({ name }) => name)).toEqual(['ord_1-1']);
  });
});

describe('the executions of an order', () => {
  const found = async () => (await runs(placedOrder())).map(({ machine, name, end }) => [machine, name, end]);

  it('are none before it has started', async () => {
    await expect(runs(placedOrder())).resolves.toEqual([]);
  });

  it('are looked up under the machine, not under the alias that started them', async () => {
    engine.has(fulfillment, 'ord_1', begun);
    await runs(placedOrder());
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
    await expect(runs(placedOrder())).resolves.toEqual([
      {
        machine: 'fulfillment',
        name: 'ord_1',
        number: 0,
        abnormalEnds: 1,
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
    engine.has(continuation, 'ord_1-1', begun);
    expect(await found()).toEqual([
      ['fulfillment', 'ord_1', 'SUCCEEDED'],
      ['continuation', 'ord_1-1', 'RUNNING'],
    ]);
  });

  it('go on as long as one has ended as it should not', async () => {
    engine.has(fulfillment, 'ord_1', begun, aborted);
    engine.has(continuation, 'ord_1-1', begun, failed('States.Runtime'));
    engine.has(continuation, 'ord_1-2', begun, succeeded);
    // Of no order of ours: a number is left out.
    engine.has(continuation, 'ord_1-4', begun, aborted);
    expect(await found()).toEqual([
      ['fulfillment', 'ord_1', 'ABNORMAL'],
      ['continuation', 'ord_1-1', 'ABNORMAL'],
      ['continuation', 'ord_1-2', 'SUCCEEDED'],
    ]);
  });

  it('end with the cancellation of an order that had to be recovered before it was confirmed', async () => {
    engine.has(fulfillment, 'ord_1', begun, aborted);
    engine.has(continuation, 'ord_1-1', begun, aborted);
    engine.has(continuation, 'ord_1-2', begun, succeeded);
    engine.has(continuation, 'ord_1-3', begun, aborted);
    expect(
      (await runs(placedOrder())).map(({ number, end, abnormalEnds }) => [number, end, abnormalEnds]),
    ).toEqual([
      [0, 'ABNORMAL', 1],
      [1, 'ABNORMAL', 2],
      [2, 'SUCCEEDED', 0],
      [3, 'ABNORMAL', 1],
    ]);
  });

  it('go on behind one that runs where the order is being cancelled', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('ParkConfirmation'));
    engine.has(continuation, 'ord_1-1', begun, aborted);
    const cancelling = placedOrder({ cancelling: { at: AT, by: 'customer-1' } });
    expect((await runs(cancelling)).at(-1)).toMatchObject({ name: 'ord_1-1', end: 'ABNORMAL' });
  });

  it('are known though the engine has forgotten the saga', async () => {
    engine.has(continuation, 'ord_1-1', begun, undone('CancelledByCustomer'));
    expect(await found()).toEqual([['continuation', 'ord_1-1', 'CANCELLED']]);
  });

  it('are read to the last page, however short the pages are', async () => {
    const input = { shipment: { trackingNumber: 'SBX1' } };
    const latestFirst = [aborted, entered('PublishOrderConfirmed', input), begun];
    engine.calls.on(GetExecutionHistoryCommand).callsFake(async ({ executionArn: arn, nextToken = '0' }) => {
      if (arn !== executionArn(fulfillment, 'ord_1'))
        throw new ExecutionDoesNotExist({ $metadata: {}, message: arn });
      const page = Number(nextToken);
      // The first one is empty, and says that there are more.
      return { events: latestFirst.slice(page - 1, page), ...(page < 3 && { nextToken: `${page + 1}` }) };
    });
    await expect(runs(placedOrder())).resolves.toMatchObject([
      { end: 'ABNORMAL', step: 'PublishOrderConfirmed', input },
    ]);
  });
});

describe('a recovery', () => {
  const ended = (changes: Partial<Run> = {}): Run => ({
    machine: 'fulfillment',
    name: 'ord_1',
    number: 0,
    abnormalEnds: 1,
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
        machine: continuation,
        name: 'ord_1-1',
        input: {
          ...asPlaced,
          payment: { chargeId: 'ch_1' },
          resolutions: {},
          undoFailure: {},
          failure: { Error: 'ExecutionAborted' },
          goOnFrom: 'CancelShipment',
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
        {
          machine: continuation,
          name: 'ord_1-1',
          input: { ...input, undoFailure: {}, goOnFrom: 'PublishOrderConfirmed' },
        },
      ]);
    },
  );

  it.each([{}, { step: 'GoOn' }])(
    'publishes where it had not come to its publication yet: %j',
    async (where) => {
      const { step: _step, ...rest } = ended({
        number: 1,
        input: { ...asPlaced, goOnFrom: 'PublishOrderConfirmed' },
      });
      await recover(record, { ...rest, ...where });
      expect(engine.starts()[0]?.input).toMatchObject({ goOnFrom: 'PublishOrderConfirmed' });
    },
  );

  it.each(['KeepShipment', 'WasConfirmed', 'PublishOrderKept', 'ParkKeeping'])(
    'keeps on where the order is kept: %s. Nothing is undone',
    async (step) => {
      const word = { note: 'gone', by: 'operator-1', at: AT, parkedAt: AT };
      const input = {
        ...asPlaced,
        failure: { Error: 'CancelledByCustomer' },
        wasConfirmed: true,
        resolutions: { KeepShipment: word },
      };
      await recover(record, ended({ step, input }));
      expect(engine.starts()[0]?.input).toEqual({ ...input, undoFailure: {}, goOnFrom: 'KeepShipment' });
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
      machine: continuation,
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
    [0, 'ord_1-1'],
    [1, 'ord_1-2'],
    [2, 'ord_1-3'],
  ])('of number %i is %s', async (number, next) => {
    await expect(recover(record, ended({ number }))).resolves.toBe(true);
    expect(engine.starts().map((each) => each.name)).toEqual([next]);
  });

  it('is not tried a fourth time', async () => {
    await expect(recover(record, ended({ number: 3, abnormalEnds: 4 }))).resolves.toBe(false);
    expect(engine.starts()).toEqual([]);
  });

  it('is tried a fourth time where an operator wants it', async () => {
    await expect(recover(record, ended({ number: 3, abnormalEnds: 4 }), true)).resolves.toBe(true);
    expect(engine.starts().map(({ name }) => name)).toEqual(['ord_1-4']);
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
      'been confirmed as it was kept, whatever it was to be undone for',
      [begun, entered('PublishOrderKept', { failure: { Error: 'CancelledByCustomer' } }), succeeded],
      { status: 'CONFIRMED', step: 'PublishOrderKept' },
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
    await expect(whereIs(placedOrder())).resolves.toEqual(whereabouts);
  });

  it('is where its last execution is', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('CreateShipment'), aborted);
    engine.has(continuation, 'ord_1-1', begun, entered('RefundPayment'));
    await expect(whereIs(placedOrder())).resolves.toEqual({ status: 'PENDING', step: 'RefundPayment' });
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
    engine.has(continuation, 'ord_1-1', begun, ...done('CancelShipment'), entered('ReleaseInventory', input));
    await expect(whereIs(placedOrder())).resolves.toEqual({
      status: 'PENDING',
      step: 'ReleaseInventory',
      reason: 'OutOfStockError',
      undone: ['CancelShipment', 'RefundPayment'],
    });
  });

  it('is pending where it is recorded and not started yet', async () => {
    await expect(whereIs(placedOrder())).resolves.toEqual({ status: 'PENDING' });
  });

  it('is not guessed where the engine fails', async () => {
    engineIsAway(GetExecutionHistoryCommand);
    await expect(whereIs(placedOrder())).rejects.toThrow('engine away');
  });
});

describe('the history', () => {
  it('is told execution by execution, each oldest first', async () => {
    const [first, second] = [entered('CreateShipment'), entered('CancelShipment')];
    engine.has(fulfillment, 'ord_1', first, aborted);
    engine.has(continuation, 'ord_1-1', second);
    await expect(history(placedOrder())).resolves.toEqual([
      { machine: 'fulfillment', events: [first, aborted], isWhole: true },
      { machine: 'continuation', events: [second], isWhole: true },
    ]);
  });

  it('is read page by page', async () => {
    const events = Array.from({ length: 1_001 }, (_, index) => ({ ...entered('Step'), id: index + 1 }));
    engine.has(fulfillment, 'ord_1', ...events);
    await expect(history(placedOrder())).resolves.toEqual([
      { machine: 'fulfillment', events, isWhole: true },
    ]);
  });

  it('is read to its end, however short the pages are', async () => {
    const events = Array.from({ length: 50 }, (_, index) => ({ ...entered('Step'), id: index + 1 }));
    engine.has(fulfillment, 'ord_1', ...events);
    engine.pagesHold(10);
    await expect(history(placedOrder())).resolves.toEqual([
      { machine: 'fulfillment', events, isWhole: true },
    ]);
  });

  it('leaves out the oldest events where there are too many', async () => {
    const events = Array.from({ length: 25_000 }, (_, index) => ({ ...entered('Step'), id: index + 1 }));
    engine.has(fulfillment, 'ord_1', ...events);
    await expect(history(placedOrder())).resolves.toEqual([
      { machine: 'fulfillment', events: events.slice(-3_000), isWhole: false },
    ]);
    // One to find the execution, and no more than three to read it.
    expect(engine.calls.commandCalls(GetExecutionHistoryCommand)).toHaveLength(4);
  });

  it('of an order that has not started is empty', async () => {
    await expect(history(placedOrder())).resolves.toEqual([]);
  });

  it('is not guessed where the engine fails', async () => {
    engineIsAway(GetExecutionHistoryCommand);
    await expect(history(placedOrder())).rejects.toThrow('engine away');
  });
});
