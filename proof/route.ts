import type { FaultKind } from '../local/faults/faults.ts';
import { FIRST_UNDO, STEP_NAMES } from '../saga/steps.ts';
import { REFUSED } from '../testbed/wishes.ts';
import type { Plan, PlannedFault } from './plan.ts';
import { attemptsOf, FORWARD, NEXT_WORKFLOW, PARKINGS, PUBLICATIONS, STEPS, UNDO } from './saga.ts';

/** What becomes of a plan's order if the saga is right. */
export interface Route {
  readonly end: 'CONFIRMED' | 'CANCELLED';
  /** The name of the first error; absent if the workflow was aborted, as then nobody records one. */
  readonly reason?: string;
  /** The tasks entered, in order; `NEXT_WORKFLOW` before those of a further workflow. */
  readonly tasks: readonly string[];
  /**
   * How often an operator has to resume it, at least and at most. An order whose end was published, though its workflow
   * could not know that, is complete for every listener; whether it is seen parked first is a matter of luck.
   */
  readonly resumes: { readonly least: number; readonly most: number };
  /**
   * Its confirmation was published by a workflow that was aborted at it. Whoever recovers the order may know that
   * already, and then has nothing to do.
   */
  readonly mayBeKnown: boolean;
  /** Faults that are never reached: the plan is impossible. */
  readonly unreached: readonly PlannedFault[];
}

type Outcome = 'done' | 'refused' | 'aborted' | { readonly failed: string };

const ERRORS: Readonly<Record<string, string>> = {
  'error-before': 'InjectedError',
  'error-after': 'InjectedError',
  'timeout-before': 'States.Timeout',
  'timeout-after': 'States.Timeout',
  'reported-failed': 'Lambda.ServiceException',
  throttle: 'Lambda.TooManyRequestsException',
  crash: 'Runtime.ExitError',
};

/** Faults that make finished work look like a failure. */
const HIDES_SUCCESS: readonly FaultKind[] = ['error-after', 'crash', 'abort'];

/**
 * How often an order goes on by itself after its workflow was ended from outside; then an operator has to ask for it.
 */
const RECOVERIES = 3;

const isRetried = (state: string, error: string): boolean => {
  if (STEPS[state]) return error.startsWith('Lambda.') || error === 'Runtime.ExitError';
  // A parked order's time-out is the end of its wait, not a failure of the parking.
  return !(PARKINGS.includes(state) && error === 'States.Timeout');
};

/** Walks the saga on paper. */
export const routeOf = ({ wish, faults }: Pick<Plan, 'wish' | 'faults'>): Route => {
  const pending = [...faults];
  const tasks: string[] = [];
  let reason: string | undefined;
  const resumes = { least: 0, most: 0 };
  let somethingLeft = false;
  let isPublished = false;
  let mayBeKnown = false;
  let aborts = 0;

  const mustBeResumed = () => {
    if (!isPublished) resumes.least += 1;
    resumes.most += 1;
  };

  /** Runs all attempts of a task. A planned fault hits the first attempt it fits, once. */
  const run = (state: string): Outcome => {
    tasks.push(state);
    for (let attempt = 1; ; attempt += 1) {
      const index = pending.findIndex((fault) => fault.state === state && fault.attempt === attempt);
      const [fault] = index < 0 ? [] : pending.splice(index, 1);
      if (!fault || fault.fault === 'duplicate')
        return STEPS[state]?.refuses.includes(wish) ? 'refused' : 'done';
      const error = ERRORS[fault.fault];
      if (PUBLICATIONS.includes(state) && HIDES_SUCCESS.includes(fault.fault)) isPublished = true;
      if (!error) return 'aborted';
      if (!isRetried(state, error) || attempt === attemptsOf(state)) return { failed: error };
    }
  };

  const afterStep = (state: string, outcome: Outcome): string => {
    const step = STEPS[state];
    if (outcome === 'done' || !step) return FORWARD[FORWARD.indexOf(state) + 1] ?? '';
    if (outcome === 'refused') {
      reason = REFUSED[wish];
      return step.undoneBefore;
    }
    if (typeof outcome === 'object') reason = outcome.failed;
    return step.undoneFrom;
  };

  const afterUndo = (state: string, outcome: Outcome): string => {
    // If the parcel may still ship, nothing more is undone.
    if (outcome !== 'done' && state === FIRST_UNDO) return 'ParkUndo';
    if (outcome !== 'done') somethingLeft = true;
    const next = UNDO[UNDO.indexOf(state) + 1] ?? '';
    return next === 'PublishOrderCancelled' && somethingLeft ? 'ParkUndo' : next;
  };

  const next = (state: string, outcome: Outcome): string => {
    if (outcome === 'aborted') {
      const hasShipped = ['PublishOrderConfirmed', 'ParkConfirmation'].includes(state);
      if (hasShipped && isPublished) mayBeKnown = true;
      tasks.push(NEXT_WORKFLOW);
      somethingLeft = false;
      aborts += 1;
      if (aborts > RECOVERIES) mustBeResumed();
      return hasShipped ? 'PublishOrderConfirmed' : FIRST_UNDO;
    }
    switch (state) {
      case 'PublishOrderConfirmed':
        return outcome === 'done' ? 'OrderConfirmed' : 'ParkConfirmation';
      case 'PublishOrderCancelled':
        return outcome === 'done' ? 'OrderCancelled' : 'ParkCancellation';
      case 'ParkConfirmation':
      case 'ParkUndo':
      case 'ParkCancellation':
        // A parking that keeps failing ends the workflow, as an abort does: the order goes on without being seen
        // parked.
        if (typeof outcome === 'object' && outcome.failed !== 'States.Timeout') return next(state, 'aborted');
        if (outcome === 'done') mustBeResumed();
        if (state === 'ParkConfirmation') return 'PublishOrderConfirmed';
        if (state === 'ParkCancellation') return 'PublishOrderCancelled';
        somethingLeft = false;
        return FIRST_UNDO;
      default:
        return STEPS[state] ? afterStep(state, outcome) : afterUndo(state, outcome);
    }
  };

  let state: string = STEP_NAMES[0] as string;
  while (state !== 'OrderConfirmed' && state !== 'OrderCancelled') state = next(state, run(state));
  const wasAborted = faults.some(({ fault }) => ERRORS[fault] === undefined && fault !== 'duplicate');
  return {
    end: state === 'OrderConfirmed' ? 'CONFIRMED' : 'CANCELLED',
    ...(reason && !wasAborted && { reason }),
    tasks,
    resumes,
    mayBeKnown,
    unreached: pending,
  };
};
