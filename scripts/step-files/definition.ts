import { FIRST_UNDO } from '../../saga/steps.ts';
import type { Draft } from './draft.ts';
import type { NewStep } from './step.ts';
import { saidBy, sentence } from './words.ts';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
}
interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}
interface State {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next?: string;
  readonly [field: string]: unknown;
}
interface Definition {
  readonly States: Readonly<Record<string, State>>;
}

const FENCE = 'OrderAlreadyCancelledError';
/** What Lambda and AWS raise, rather than a service of ours. */
const isEveryones = (error: string): boolean => error.includes('.') || error === 'AwsUnavailableError';

const catches = (error: string, path: string, Next: string) => ({
  ErrorEquals: [error],
  ResultPath: path,
  Next,
});

const stepState = (like: State, step: NewStep): State => {
  const { state, undo, refusal, unavailable, undoOfAfter, next } = step;
  const Retry = (like.Retry ?? [])
    .filter(({ ErrorEquals }) => ErrorEquals.some(isEveryones))
    .map((retrier) => ({
      ...retrier,
      ErrorEquals: [...retrier.ErrorEquals.filter(isEveryones), unavailable],
    }));
  return {
    Type: 'Task',
    Comment: `Undone by ${undo.state}. ${sentence(saidBy(refusal))}: undo starts before. Already cancelled: an undo has begun elsewhere, so all of it is run.`,
    Resource: `\${${state}FunctionArn}`,
    Parameters: { 'orderId.$': '$.orderId', 'correlationId.$': '$.correlationId', 'items.$': '$.items' },
    ResultPath: null,
    TimeoutSeconds: like.TimeoutSeconds,
    Retry,
    Catch: [
      catches(refusal, '$.failure', undoOfAfter),
      catches(FENCE, '$.failure', FIRST_UNDO),
      catches('States.ALL', '$.failure', undo.state),
    ],
    Next: next,
  };
};

const undoState = (like: State, { undo, undoOfAfter }: NewStep): State => ({
  Type: 'Task',
  Comment:
    'Where it fails that is noted ($.undoFailure); the rest is undone all the same, then the order parks.',
  Resource: `\${${undo.state}FunctionArn}`,
  Parameters: like.Parameters,
  ResultPath: null,
  TimeoutSeconds: like.TimeoutSeconds,
  Retry: (like.Retry ?? []).filter(({ MaxAttempts }) => MaxAttempts !== 0),
  Catch: [catches('States.ALL', '$.undoFailure', undoOfAfter)],
  Next: undoOfAfter,
});

/** What led to one state leads to another. */
const relinked = (state: State, from: string, to: string): State => ({
  ...state,
  ...(state.Catch && {
    Catch: state.Catch.map((catcher) => (catcher.Next === from ? { ...catcher, Next: to } : catcher)),
  }),
  ...(state.Next === from && { Next: to }),
});

const withStep = (definition: Definition, step: NewStep): Definition => {
  const { state, undo, after, next, undoOfAfter, undoOfNext } = step;
  const like = { step: definition.States[next] ?? {}, undo: definition.States[undoOfAfter] ?? {} };
  const States = Object.entries(definition.States).flatMap(([name, given]): [string, State][] => {
    switch (name) {
      case after:
        return [
          [name, relinked(given, next, state)],
          [state, stepState(like.step, step)],
        ];
      case next:
        return [[name, relinked(given, undoOfAfter, undo.state)]];
      case undoOfNext:
        return [
          [name, relinked(given, undoOfAfter, undo.state)],
          [undo.state, undoState(like.undo, step)],
        ];
      default:
        return [[name, given]];
    }
  });
  return { ...definition, States: Object.fromEntries(States) };
};

/** Both states in their places, and those around them led to them. */
export const writeStates = ({ change }: Draft, step: NewStep): void =>
  change('statemachines/order-fulfillment.asl.json', (text) =>
    JSON.stringify(withStep(JSON.parse(text), step), null, 2),
  );
