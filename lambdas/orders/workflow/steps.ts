import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** A state that a workflow has entered, and what became of it, from the engine's history. */
export interface Step {
  /** The state's name. */
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly enteredAt: string;
  /** `failed` is an error that was caught, or that ended the workflow; `ended` a state that ends the workflow. */
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'ended';
  /** How often it was tried; 0 for a state that is no task. */
  readonly attempts: number;
  /** RFC 3339, UTC. */
  readonly leftAt?: string;
  /** The name of the last error, even if a later attempt succeeded. */
  readonly error?: string;
  readonly message?: string;
  /** What the state was entered with, as JSON. */
  readonly input?: string;
}

/** The workflow's ends after which its last step gets no event of its own. */
const CUT_SHORT = new Set(['ExecutionAborted', 'ExecutionTimedOut']);

const ATTEMPTED = new Set(['LambdaFunctionScheduled', 'TaskScheduled']);

/** The error and cause of a failed attempt, for every kind of task. */
const failureOf = (event: HistoryEvent) =>
  event.lambdaFunctionFailedEventDetails ??
  event.lambdaFunctionTimedOutEventDetails ??
  event.lambdaFunctionScheduleFailedEventDetails ??
  event.lambdaFunctionStartFailedEventDetails ??
  event.taskFailedEventDetails ??
  event.taskTimedOutEventDetails ??
  event.taskStartFailedEventDetails ??
  event.taskSubmitFailedEventDetails;

/** A Lambda error's cause is JSON with the message in it; any other cause is the message. */
const messageOf = (cause: string | undefined): string | undefined => {
  try {
    const { errorMessage } = JSON.parse(cause ?? '') as { errorMessage?: string };
    return errorMessage ?? cause;
  } catch {
    return cause || undefined;
  }
};

const entered = (event: HistoryEvent, at: string): Step => {
  const { name = '', input } = event.stateEnteredEventDetails ?? {};
  const outcome = event.type === 'TaskStateEntered' ? 'running' : 'ended';
  return { name, enteredAt: at, outcome, attempts: 0, ...(input && { input }) };
};

/** The step after one more of its events; unchanged if the event changes nothing. */
const after = (step: Step, event: HistoryEvent, at: string): Step => {
  const type = event.type ?? '';
  const failure = failureOf(event);
  if (ATTEMPTED.has(type)) return { ...step, outcome: 'running', attempts: step.attempts + 1 };
  if (failure) {
    const message = messageOf(failure.cause);
    return { ...step, outcome: 'failed', error: failure.error ?? '', ...(message && { message }) };
  }
  if (CUT_SHORT.has(type) && !step.leftAt) return { ...step, outcome: 'failed', error: type };
  if (event.stateExitedEventDetails)
    return { ...step, outcome: step.outcome === 'failed' ? 'failed' : 'succeeded', leftAt: at };
  return step;
};

/** One workflow's steps, from its history (oldest event first). */
export const stepsOf = (history: readonly HistoryEvent[]): Step[] => {
  const steps: Step[] = [];
  for (const event of history) {
    const at = event.timestamp?.toISOString() ?? '';
    const last = steps.at(-1);
    if (event.stateEnteredEventDetails) steps.push(entered(event, at));
    else if (last) steps.splice(-1, 1, after(last, event, at));
  }
  return steps;
};
