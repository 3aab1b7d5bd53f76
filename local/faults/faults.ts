/**
 * What can go wrong with one attempt of a task:
 *
 *   error-before    fails with an error nobody has a name for, before the handler runs
 *   error-after     the handler runs; its result is lost, and the same error is seen instead
 *   timeout-before  times out without the handler having run
 *   timeout-after   times out; the handler goes on and finishes late, after the workflow has moved on
 *   reported-failed Lambda reports a failure that is retried; the handler goes on and finishes late, as with timeout-after
 *   throttle        Lambda refuses the invocation
 *   duplicate       the handler runs twice at once
 *   crash           the handler dies on the way
 *   abort           the execution is aborted; the handler goes on and finishes late, as with timeout-after
 */
export const FAULT_KINDS = [
  'error-before',
  'error-after',
  'timeout-before',
  'timeout-after',
  'reported-failed',
  'throttle',
  'duplicate',
  'crash',
  'abort',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** The state whose task it hits. */
  readonly state: string;
  /** Which attempt, from 1. */
  readonly attempt: number;
  readonly fault: FaultKind;
  /** The order it hits; without, the next one that starts. */
  readonly orderId?: string;
  /**
   * With `timeout-after`, `reported-failed`, `abort` and `crash`: how many calls of AWS the handler makes before it
   * stalls or dies. By default all if it crashes, and none otherwise.
   */
  readonly calls?: number;
  /**
   * With `timeout-after` and `reported-failed`: the state that the workflow must have left before the handler goes on.
   * By default the next one.
   */
  readonly until?: string;
}

/** @throws Error naming every bad field */
export const parseFault = (input: unknown, states: readonly string[]): Fault => {
  const {
    state,
    attempt = 1,
    fault,
    orderId,
    calls,
    until,
    ...unknown
  } = (input ?? {}) as Record<string, unknown>;
  const problems = Object.keys(unknown).map((field) => `${field}: is not a known field`);
  const count = (value: unknown, least: number) => Number.isInteger(value) && (value as number) >= least;
  if (!states.includes(state as string)) problems.push(`state: must be one of ${states.join(', ')}`);
  if (!FAULT_KINDS.includes(fault as FaultKind))
    problems.push(`fault: must be one of ${FAULT_KINDS.join(', ')}`);
  if (!count(attempt, 1)) problems.push('attempt: must be a whole number from 1');
  if (orderId !== undefined && typeof orderId !== 'string') problems.push('orderId: must be a string');
  if (calls !== undefined && !count(calls, 0)) problems.push('calls: must be a whole number from 0');
  if (until !== undefined && !states.includes(until as string))
    problems.push(`until: must be one of ${states.join(', ')}`);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return { ...(input as Fault), attempt: attempt as number };
};

/** The faults still to come. Each hits one attempt, once. */
export const faultPlan = () => {
  let planned: readonly Fault[] = [];
  return {
    add: (faults: readonly Fault[]): void => {
      planned = [...planned, ...faults];
    },
    /** An order starts: faults that name no order are its own from now on. */
    bind: (orderId: string): void => {
      if (planned.some((fault) => !fault.orderId)) planned = planned.map((fault) => ({ orderId, ...fault }));
    },
    /** The fault of this attempt, taken from the plan. */
    take: (orderId: string, state: string, attempt: number): Fault | undefined => {
      const found = planned.find(
        (fault) => fault.orderId === orderId && fault.state === state && fault.attempt === attempt,
      );
      planned = planned.filter((fault) => fault !== found);
      return found;
    },
    pending: () => planned,
    forget: (): void => {
      planned = [];
    },
  };
};
export type FaultPlan = ReturnType<typeof faultPlan>;
