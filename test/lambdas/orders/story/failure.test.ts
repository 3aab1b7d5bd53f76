import { describe, expect, it } from '@jest/globals';
import { failureBy, isKnown, undoneFor } from '../../../../lambdas/orders/story/failure.ts';
import { FIRST_UNDO, STEP_NAMES, STEPS, UNDOS } from '../../../../saga/steps.ts';
import { compensationGraph, pathFrom } from '../../../statemachines/compensation-graph.ts';
import { orderFulfillment } from '../../../statemachines/definition.ts';

const { owedUndos } = compensationGraph(STEPS);
const happyPath = pathFrom(orderFulfillment, orderFulfillment.StartAt);

/** The forward step that raises an error, where it is the only one that deals with it by name. */
const stepsThatName = (error: string) =>
  happyPath.filter((name) => {
    const { Retry = [], Catch = [] } = orderFulfillment.States[name] ?? {};
    return [...Retry, ...Catch].some(({ ErrorEquals }) => ErrorEquals.includes(error));
  });

const ERRORS = STEP_NAMES.flatMap((step) => {
  const { refusals, unavailable } = STEPS[step];
  return [...Object.keys(refusals), ...Object.keys(unavailable)];
});

describe('what was undone for a failure', () => {
  it.each(ERRORS)('is what the definition undoes: %s', (error) => {
    const [step = '', ...others] = stepsThatName(error);
    expect(others).toEqual([]);
    expect(undoneFor(error)).toEqual(owedUndos(happyPath, step, error));
  });

  it.each(['CancelledByCustomer', 'CancelledByOperator'])('is everything: %s', (error) => {
    expect(undoneFor(error)).toEqual(UNDOS);
  });

  it.each(['States.Timeout', 'ShipmentDispatchedError', 'Lambda.Unknown'])(
    'is not told by a name that any step may raise: %s',
    (error) => {
      expect(undoneFor(error)).toBeUndefined();
    },
  );

  it('is in the order of the chain', () => {
    expect(pathFrom(orderFulfillment, FIRST_UNDO).slice(0, UNDOS.length)).toEqual(UNDOS);
  });
});

describe('a failure', () => {
  const technical = 'A step failed for a technical reason.';

  it.each([
    ...ERRORS,
    'CancelledByCustomer',
    'CancelledByOperator',
    'ShipmentDispatchedError',
    'ExecutionAborted',
    'States.Timeout',
  ])('that the API promises has a sentence of its own: %s', (error) => {
    expect(isKnown(error)).toBe(true);
    expect(failureBy(error)).toEqual({ error, message: expect.stringMatching(/^[A-Z].+\.$/) });
    expect(failureBy(error).message).not.toBe(technical);
  });

  it('of any other name has a sentence for people, too', () => {
    expect(isKnown('States.Runtime')).toBe(false);
    expect(failureBy('States.Runtime')).toEqual({ error: 'States.Runtime', message: technical });
  });
});
