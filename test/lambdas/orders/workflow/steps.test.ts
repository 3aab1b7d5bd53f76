import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from '@jest/globals';
import { stepsOf } from '../../../../lambdas/orders/workflow/steps.ts';

const START = Date.parse('2026-01-15T09:30:00.000Z');
const at = (ms: number) => new Date(START + ms).toISOString();

const event = (
  ms: number,
  type: HistoryEvent['type'],
  details: Partial<HistoryEvent> = {},
): HistoryEvent => ({
  id: ms + 1,
  timestamp: new Date(START + ms),
  type,
  ...details,
});
const entered = (ms: number, name: string, type: HistoryEvent['type'] = 'TaskStateEntered') =>
  event(ms, type, { stateEnteredEventDetails: { name } });
const exited = (ms: number, name: string) =>
  event(ms, 'TaskStateExited', { stateExitedEventDetails: { name } });
const scheduled = (ms: number) => event(ms, 'LambdaFunctionScheduled');
const failed = (ms: number, error: string, cause?: string) =>
  event(ms, 'LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: { error, cause } });

describe('the steps of a workflow', () => {
  it('are none before the first state', () => {
    expect(stepsOf([])).toEqual([]);
    expect(stepsOf([event(0, 'ExecutionStarted')])).toEqual([]);
  });

  it('are one entry a state that was entered, in time order, with when each was left', () => {
    const history = [
      event(0, 'ExecutionStarted'),
      entered(10, 'ChargePayment'),
      scheduled(11),
      event(12, 'LambdaFunctionStarted'),
      event(60, 'LambdaFunctionSucceeded'),
      exited(70, 'ChargePayment'),
      entered(80, 'ReserveInventory'),
    ];
    expect(stepsOf(history)).toEqual([
      { enteredAt: at(10), name: 'ChargePayment', outcome: 'succeeded', attempts: 1, leftAt: at(70) },
      { enteredAt: at(80), name: 'ReserveInventory', outcome: 'running', attempts: 0 },
    ]);
  });

  it('count the attempts of a step that went through in the end', () => {
    const history = [
      entered(0, 'ChargePayment'),
      scheduled(1),
      failed(2, 'PaymentProviderUnavailableError'),
      scheduled(3),
      exited(9, 'ChargePayment'),
    ];
    expect(stepsOf(history)).toMatchObject([{ outcome: 'succeeded', attempts: 2 }]);
  });

  it('show a step that is tried again as running', () => {
    const history = [
      entered(0, 'ChargePayment'),
      scheduled(1),
      failed(2, 'AwsUnavailableError'),
      scheduled(3),
    ];
    expect(stepsOf(history)).toMatchObject([{ outcome: 'running', attempts: 2 }]);
  });

  it('say by which error a step failed and was caught, in the words of the error', () => {
    const cause = JSON.stringify({
      errorType: 'OutOfStockError',
      errorMessage: 'too few mugs',
      trace: ['at x'],
    });
    const history = [
      entered(0, 'ReserveInventory'),
      scheduled(1),
      failed(2, 'OutOfStockError', cause),
      exited(5, 'ReserveInventory'),
      entered(6, 'RefundPayment'),
    ];
    const [step] = stepsOf(history);
    expect(step).toMatchObject({
      name: 'ReserveInventory',
      outcome: 'failed',
      attempts: 1,
      error: 'OutOfStockError',
      message: 'too few mugs',
      leftAt: at(5),
    });
    expect(JSON.stringify(step)).not.toContain('at x');
  });

  it.each<[string, Partial<HistoryEvent>]>([
    ['LambdaFunctionTimedOut', { lambdaFunctionTimedOutEventDetails: { error: 'States.Timeout' } }],
    ['LambdaFunctionScheduleFailed', { lambdaFunctionScheduleFailedEventDetails: { error: 'X' } }],
    ['LambdaFunctionStartFailed', { lambdaFunctionStartFailedEventDetails: { error: 'X' } }],
    ['TaskFailed', { taskFailedEventDetails: { error: 'X', resourceType: 'events', resource: 'putEvents' } }],
    [
      'TaskTimedOut',
      { taskTimedOutEventDetails: { error: 'X', resourceType: 'events', resource: 'putEvents' } },
    ],
    [
      'TaskStartFailed',
      { taskStartFailedEventDetails: { error: 'X', resourceType: 'events', resource: 'putEvents' } },
    ],
    [
      'TaskSubmitFailed',
      { taskSubmitFailedEventDetails: { error: 'X', resourceType: 'events', resource: 'putEvents' } },
    ],
  ])('count %s as a failure', (type, details) => {
    const history = [entered(0, 'Step'), event(1, type as HistoryEvent['type'], details)];
    expect(stepsOf(history)).toMatchObject([
      { outcome: 'failed', error: expect.stringMatching(/^(X|States\.Timeout)$/) },
    ]);
  });

  it.each([
    ['Task timed out', 'Task timed out'],
    ['{"code":7}', '{"code":7}'],
    ['null', 'null'],
  ])('leave a cause that no function wrote as it is: %s', (cause, message) => {
    const history = [entered(0, 'Step'), failed(1, 'States.TaskFailed', cause)];
    expect(stepsOf(history)).toMatchObject([{ message }]);
  });

  it('have no message without a cause', () => {
    const [step] = stepsOf([entered(0, 'Step'), failed(1, 'States.Timeout')]);
    expect(step).not.toHaveProperty('message');
  });

  it('count an attempt of a service integration', () => {
    const history = [entered(0, 'PublishOrderConfirmed'), event(1, 'TaskScheduled')];
    expect(stepsOf(history)).toMatchObject([{ attempts: 1 }]);
  });

  it('tell what each was entered with', () => {
    const details = { stateEnteredEventDetails: { name: 'ParkUndo', input: '{"orderId":"ord_1"}' } };
    expect(stepsOf([event(0, 'TaskStateEntered', details)])).toMatchObject([
      { input: '{"orderId":"ord_1"}' },
    ]);
  });

  it('break off where the workflow is ended from outside', () => {
    const history = [entered(0, 'CreateShipment'), scheduled(1), event(2, 'ExecutionAborted')];
    expect(stepsOf(history)).toMatchObject([{ outcome: 'failed', error: 'ExecutionAborted' }]);
    expect(stepsOf(history)[0]).not.toHaveProperty('leftAt');
  });

  it('end with the state that ends the workflow', () => {
    const history = [entered(0, 'OrderCancelled', 'FailStateEntered'), event(1, 'ExecutionFailed')];
    expect(stepsOf(history)).toEqual([
      { enteredAt: at(0), name: 'OrderCancelled', outcome: 'ended', attempts: 0 },
    ]);
  });
});
