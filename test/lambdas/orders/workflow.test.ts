import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { workflow } from '../../../lambdas/orders/workflow.ts';
import { stepFunctions } from '../../../lambdas/runtime/step-functions.ts';
import { placedOrder } from './placed-orders.ts';

const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:OrderFulfillment';
const executionArn = 'arn:aws:states:eu-central-1:123456789012:execution:OrderFulfillment:ord_1';
const { start, whereIs, history } = workflow(stateMachineArn);

const engine = mockClient(stepFunctions);
beforeEach(() => {
  engine.reset();
});

const event = (type: HistoryEvent['type'], details: Partial<HistoryEvent> = {}): HistoryEvent => ({
  id: 1,
  timestamp: new Date('2026-01-15T09:30:00Z'),
  type,
  ...details,
});
const entered = (name: string) => event('TaskStateEntered', { stateEnteredEventDetails: { name } });
const failed = (error?: string, cause?: string) =>
  event('ExecutionFailed', { executionFailedEventDetails: { error, cause } });
const noExecution = new ExecutionDoesNotExist({ $metadata: {}, message: 'none' });

describe('a start', () => {
  it('names the execution by the order', async () => {
    engine.on(StartExecutionCommand).resolves({});
    const order = placedOrder();
    await start(order);
    const { input, ...request } = engine.commandCall(0, StartExecutionCommand).args[0].input;
    expect(request).toEqual({ stateMachineArn, name: 'ord_1' });
    expect(JSON.parse(input ?? '')).toEqual(order);
  });

  it('is content where the execution has ended already', async () => {
    engine
      .on(StartExecutionCommand)
      .rejects(new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' }));
    await expect(start(placedOrder())).resolves.toBeUndefined();
  });

  it('passes any other failure on', async () => {
    engine.on(StartExecutionCommand).rejects(new Error('engine away'));
    await expect(start(placedOrder())).rejects.toThrow('engine away');
  });
});

describe('where an order is', () => {
  const whereItIs = (...newestFirst: readonly HistoryEvent[]) => {
    engine.on(GetExecutionHistoryCommand).resolves({ events: [...newestFirst] });
    return whereIs('ord_1');
  };

  it('is read from the newest events of its execution, without their data', async () => {
    await whereItIs();
    const { input } = engine.commandCall(0, GetExecutionHistoryCommand).args[0];
    expect(input).toMatchObject({ executionArn, reverseOrder: true, includeExecutionData: false });
  });

  it.each<[string, HistoryEvent[], object]>([
    ['begun', [event('ExecutionStarted')], { status: 'PENDING' }],
    [
      'in its second state',
      [event('LambdaFunctionScheduled'), entered('ReserveInventory'), entered('ChargePayment')],
      { status: 'PENDING', step: 'ReserveInventory' },
    ],
    [
      'confirmed',
      [event('ExecutionSucceeded'), entered('PublishOrderConfirmed')],
      { status: 'CONFIRMED', step: 'PublishOrderConfirmed' },
    ],
    [
      'cancelled cleanly',
      [failed('OrderCancelled', 'OutOfStockError'), entered('OrderCancelled')],
      { status: 'CANCELLED', step: 'OrderCancelled', reason: 'OutOfStockError' },
    ],
    [
      'failed in any other way',
      [failed('States.Runtime'), entered('CreateShipment')],
      { status: 'NEEDS_ATTENTION', step: 'CreateShipment', reason: 'States.Runtime' },
    ],
    [
      'stopped by hand',
      [event('ExecutionAborted'), entered('CreateShipment')],
      { status: 'NEEDS_ATTENTION', step: 'CreateShipment', reason: 'ExecutionAborted' },
    ],
    [
      'ended by a time-out',
      [event('ExecutionTimedOut'), entered('CreateShipment')],
      { status: 'NEEDS_ATTENTION', step: 'CreateShipment', reason: 'ExecutionTimedOut' },
    ],
  ])('that has %s', async (_, events, whereabouts) => {
    await expect(whereItIs(...events)).resolves.toEqual(whereabouts);
  });

  it('is pending where it is recorded and not started yet', async () => {
    engine.on(GetExecutionHistoryCommand).rejects(noExecution);
    await expect(whereIs('ord_1')).resolves.toEqual({ status: 'PENDING' });
  });

  it('is not guessed where the engine fails', async () => {
    engine.on(GetExecutionHistoryCommand).rejects(new Error('engine away'));
    await expect(whereIs('ord_1')).rejects.toThrow('engine away');
  });
});

describe('the history', () => {
  it('is read to its last page, oldest first', async () => {
    const [first, second] = [event('ExecutionStarted'), event('ExecutionSucceeded')];
    engine
      .on(GetExecutionHistoryCommand)
      .resolvesOnce({ events: [first], nextToken: 'more' })
      .resolves({ events: [second] });
    await expect(history('ord_1')).resolves.toEqual([first, second]);
    const asked = engine.commandCalls(GetExecutionHistoryCommand).map(({ args: [{ input }] }) => input);
    expect(asked).toMatchObject([{ executionArn }, { executionArn, nextToken: 'more' }]);
    expect(asked.map(({ reverseOrder }) => reverseOrder ?? false)).toEqual([false, false]);
  });

  it('of an order that has not started is empty', async () => {
    engine.on(GetExecutionHistoryCommand).rejects(noExecution);
    await expect(history('ord_1')).resolves.toEqual([]);
  });

  it('is not guessed where the engine fails', async () => {
    engine.on(GetExecutionHistoryCommand).rejects(new Error('engine away'));
    await expect(history('ord_1')).rejects.toThrow('engine away');
  });
});
