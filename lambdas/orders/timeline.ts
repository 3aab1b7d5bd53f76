import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** One line of an order's story. */
export interface TimelineEntry {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly kind: 'step';
  /** The state's name. */
  readonly name: string;
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'ended';
  readonly detail: {
    /** How often the step was tried. */
    readonly attempts: number;
    readonly durationMs?: number;
    /** The name of the last error. */
    readonly error?: string;
    readonly message?: string;
  };
}

/** Ends of the whole workflow that leave its last step without a word. */
const CUT_SHORT = new Set(['ExecutionAborted', 'ExecutionTimedOut']);

const ATTEMPTED = new Set(['LambdaFunctionScheduled', 'TaskScheduled']);

/** What a failed attempt says of itself, whichever kind of task it was. */
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

/** The workflow's own steps, one entry a state entered, from the engine's history (oldest first). */
export const stepEntries = (history: readonly HistoryEvent[]): TimelineEntry[] => {
  const entries: TimelineEntry[] = [];
  for (const event of history) {
    const at = event.timestamp?.toISOString() ?? '';
    const last = entries.at(-1);
    const failure = failureOf(event);
    if (event.stateEnteredEventDetails) {
      const isTask = event.type === 'TaskStateEntered';
      entries.push({
        at,
        kind: 'step',
        name: event.stateEnteredEventDetails.name ?? '',
        outcome: isTask ? 'running' : 'ended',
        detail: { attempts: 0 },
      });
    } else if (last && ATTEMPTED.has(event.type ?? '')) {
      replaceLast(entries, {
        ...last,
        outcome: 'running',
        detail: { ...last.detail, attempts: last.detail.attempts + 1 },
      });
    } else if (last && failure) {
      const message = messageOf(failure.cause);
      replaceLast(entries, {
        ...last,
        outcome: 'failed',
        detail: { ...last.detail, error: failure.error ?? '', ...(message && { message }) },
      });
    } else if (last && CUT_SHORT.has(event.type ?? '')) {
      replaceLast(entries, {
        ...last,
        outcome: 'failed',
        detail: { ...last.detail, error: event.type ?? '' },
      });
    } else if (last && event.stateExitedEventDetails) {
      replaceLast(entries, {
        ...last,
        outcome: last.outcome === 'failed' ? 'failed' : 'succeeded',
        detail: { ...last.detail, durationMs: Date.parse(at) - Date.parse(last.at) },
      });
    }
  }
  return entries;
};

const replaceLast = (entries: TimelineEntry[], entry: TimelineEntry) => entries.splice(-1, 1, entry);
