import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** A line of the engine's own log (aws-local-stepfunctions, `EventLog`). */
export interface EngineEvent {
  readonly type: string;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly state?: {
    readonly name: string;
    readonly type: string;
    readonly input: unknown;
    readonly output?: unknown;
  };
  readonly Error?: string;
  readonly Cause?: unknown;
}

type Entry = Omit<HistoryEvent, 'id' | 'previousEventId' | 'timestamp'>;

/** The names of a task's events in Step Functions, by the kind of its resource. */
const attempt = (isLambda: boolean) =>
  isLambda
    ? {
        scheduled: { type: 'LambdaFunctionScheduled' },
        started: { type: 'LambdaFunctionStarted' },
        succeeded: (output: string) => ({
          type: 'LambdaFunctionSucceeded',
          lambdaFunctionSucceededEventDetails: { output },
        }),
        failed: (error: string, cause: string) => ({
          type: 'LambdaFunctionFailed',
          lambdaFunctionFailedEventDetails: { error, cause },
        }),
        timedOut: (error: string) => ({
          type: 'LambdaFunctionTimedOut',
          lambdaFunctionTimedOutEventDetails: { error },
        }),
      }
    : {
        scheduled: { type: 'TaskScheduled' },
        started: { type: 'TaskStarted' },
        succeeded: (output: string) => ({ type: 'TaskSucceeded', taskSucceededEventDetails: { output } }),
        failed: (error: string, cause: string) => ({
          type: 'TaskFailed',
          taskFailedEventDetails: { error, cause },
        }),
        timedOut: (error: string) => ({ type: 'TaskTimedOut', taskTimedOutEventDetails: { error } }),
      };

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

const translate = (event: EngineEvent, isLambda: (state: string) => boolean): unknown[] => {
  const { type, state, input, output, Error: error = '', Cause: cause } = event;
  const isTask = state?.type === 'Task';
  const task = attempt(isTask && isLambda(state.name));
  switch (type) {
    case 'ExecutionStarted':
      return [{ type, executionStartedEventDetails: { input: JSON.stringify(input) } }];
    case 'StateEntered':
      return [
        {
          type: `${state?.type}StateEntered`,
          stateEnteredEventDetails: { name: state?.name, input: JSON.stringify(state?.input) },
        },
        ...(isTask ? [task.scheduled, task.started] : []),
      ];
    case 'StateRetried':
      return [task.scheduled, task.started];
    case 'StateFailed':
      if (!isTask) return [];
      return [error === 'States.Timeout' ? task.timedOut(error) : task.failed(error, text(cause))];
    case 'StateCaught':
      return [{ type: `${state?.type}StateExited`, stateExitedEventDetails: { name: state?.name } }];
    case 'StateExited':
      return [
        ...(isTask ? [task.succeeded(JSON.stringify(state.output))] : []),
        {
          type: `${state?.type}StateExited`,
          stateExitedEventDetails: { name: state?.name, output: JSON.stringify(state?.output) },
        },
      ];
    case 'ExecutionSucceeded':
      return [{ type, executionSucceededEventDetails: { output: JSON.stringify(output) } }];
    case 'ExecutionFailed':
      return [{ type, executionFailedEventDetails: { error, cause: text(cause) } }];
    case 'ExecutionAborted':
      return [{ type }];
    default:
      return [];
  }
};

/**
 * Translates one engine's log, event by event, into Step Functions' history. A caught failure leaves its state too: the
 * engine logs both StateCaught and StateExited, Step Functions one exit.
 */
export const historian = (isLambda: (state: string) => boolean) => {
  let caught = false;
  return (event: EngineEvent): Entry[] => {
    const isExitOfCaught = caught && event.type === 'StateExited';
    caught = event.type === 'StateCaught';
    return isExitOfCaught ? [] : (translate(event, isLambda) as Entry[]);
  };
};

/** The engine's log as GetExecutionHistory tells it, oldest first. */
export const historyOf = (
  log: readonly EngineEvent[],
  isLambda: (state: string) => boolean,
): HistoryEvent[] => {
  const tell = historian(isLambda);
  return log
    .flatMap((event) => tell(event).map((entry) => ({ ...entry, timestamp: new Date(event.timestamp) })))
    .map((entry, index) => ({ ...entry, id: index + 1, previousEventId: index }));
};
