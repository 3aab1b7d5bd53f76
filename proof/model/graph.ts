import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { continuationOf } from '../../lib/workflow/continuation.ts';
import type { Run } from './order.ts';

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Parameters?: { readonly Entries?: readonly { readonly DetailType: string }[] };
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly ResultPath?: string | null;
  }[];
  readonly Choices?: readonly {
    readonly Variable: string;
    readonly StringEquals?: string;
    readonly Next: string;
  }[];
  readonly Default?: string;
  readonly ResultPath?: string | null;
  readonly Next?: string;
  readonly End?: boolean;
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
/** The workflow as it is deployed, read and not retold. */
const SAGA: Definition = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../statemachines/order-fulfillment.asl.json'), 'utf8'),
);
const CONTINUATION = continuationOf(SAGA);
const STATES = { ...SAGA.States, ...CONTINUATION.States };
export const FIRST = SAGA.StartAt;

/** A failure of nobody's choosing: the call was refused, the function died or took too long. */
export const FAILED = 'Lambda.Unknown';
/** What ends a wait that nobody ended. */
export const TIMED_OUT = 'States.Timeout';
const UNDO_FAILURE = '$.undoFailure';

/** What Choices ask for, as far as the model has it: '' or false where it is not present. */
const DATA: Readonly<Record<string, (run: Run) => string | boolean>> = {
  '$.undoFailure.Error': ({ flaw }) => flaw,
  '$.goOnFrom': ({ from }) => from,
  '$.resolutions.KeepShipment': ({ word }) => word === 'keep',
  '$.wasConfirmed': ({ wasConfirmed }) => wasConfirmed,
};

const stateOf = (name: string): State => {
  const state = STATES[name];
  if (!state) throw new Error(`the definition has no state ${name}`);
  return state;
};

const matches = (error: string) => (rule: { readonly ErrorEquals: readonly string[] }) =>
  rule.ErrorEquals.includes(error) || rule.ErrorEquals.includes('States.ALL');

export const isTried = (state: string, error: string): boolean =>
  (stateOf(state).Retry?.find(matches(error))?.MaxAttempts ?? 0) > 0;

/** What a task does: publishes an event, waits for a word, or calls the function named as the state. */
export const taskOf = (name: string): { readonly publishes?: string; readonly waits?: true } => {
  const { Resource = '', Parameters } = stateOf(name);
  if (Resource.endsWith('waitForTaskToken')) return { waits: true };
  const event = Parameters?.Entries?.[0]?.DetailType;
  return event ? { publishes: event } : {};
};

/** Where an execution begins: the saga with its first state, what comes after it where it is told to go on from. */
export const begunAt = (run: Run): Run => entered(run, run.from === FIRST ? FIRST : CONTINUATION.StartAt);

/** Goes through states that do nothing, to the next task or the end. */
const entered = (run: Run, name: string): Run => {
  const state = stateOf(name);
  switch (state.Type) {
    case 'Task':
      return { ...run, state: name, task: '', wait: 0 };
    case 'Pass': {
      const flaw = state.ResultPath === UNDO_FAILURE ? '' : run.flaw;
      return entered({ ...run, flaw }, state.Next as string);
    }
    case 'Choice': {
      const choice = state.Choices?.find(({ Variable, StringEquals }) =>
        StringEquals === undefined ? DATA[Variable]?.(run) : DATA[Variable]?.(run) === StringEquals,
      );
      return entered(run, (choice?.Next ?? state.Default) as string);
    }
    default:
      return {
        ...run,
        state: name,
        task: '',
        wait: 0,
        end: state.Type === 'Fail' ? 'CANCELLED' : 'SUCCEEDED',
      };
  }
};

/** The task has done what it was to do. */
export const succeeded = (run: Run): Run => {
  const { Next } = stateOf(run.state);
  return Next ? entered(run, Next) : { ...run, task: '', wait: 0, end: 'SUCCEEDED' };
};

/** The task has failed for good; where nobody catches that, the execution ends as it should not. */
export const failed = (run: Run, error: string): Run | undefined => {
  const caught = stateOf(run.state).Catch?.find(matches(error));
  if (!caught) return undefined;
  return entered(caught.ResultPath === UNDO_FAILURE ? { ...run, flaw: error } : run, caught.Next);
};
