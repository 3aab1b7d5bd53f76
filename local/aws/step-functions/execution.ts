import { setImmediate as turn } from 'node:timers/promises';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { ExecutionStatus } from './engine.ts';
import { type EngineEvent, historian } from './execution-history.ts';
import type { Machine } from './state-machine.ts';
import type { TaskRunner } from './task.ts';
import type { TaskTokens } from './task-tokens.ts';
import { HISTORY_EVENTS, isTooMuchData } from './workflow-quotas.ts';

/** What is known about a run; plain data, so that it can be put on record. */
interface Known {
  readonly arn: string;
  readonly name: string;
  /** JSON. */
  readonly input: string;
  /** Epoch ms. */
  readonly startDate: number;
  readonly log: EngineEvent[];
  status: ExecutionStatus;
  /** Its wait for a token: until then, in epoch ms, or for ever. */
  wait?: { readonly token: string; readonly until?: number } | undefined;
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
}

/** One run of a state machine. */
export interface Execution extends Known {
  readonly machine: Machine;
  readonly abort: (error?: string, cause?: string) => void;
}

/** A run as it is on record. */
export interface ExecutionRecord extends Known {
  readonly machineArn: string;
}

export const recordOf = ({ machine, abort: _, ...known }: Execution): ExecutionRecord => ({
  ...known,
  machineArn: machine.arn,
});

export interface LaunchProps {
  readonly machine: Machine;
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  readonly tasks: Pick<TaskRunner, 'run'>;
  readonly tokens: TaskTokens;
  /** The run when the process ended. It goes on from the state it was in, whose task is done once more. */
  readonly earlier?: ExecutionRecord;
  readonly onEntered: () => void;
  /** It has reached a point from which another process could go on. */
  readonly onCheckpoint: (execution: Execution) => void;
  /** It has added an event to its history. */
  readonly onLogged?: (execution: Execution, event: EngineEvent) => void;
  readonly onEnded: (execution: Execution) => void;
}

/**
 * Whether a workflow has left a state, or, without one, the next it comes to.
 * @param entered its states so far; in the last one it still is
 * @param from how many there were when somebody began to wait
 */
export const hasLeft = (entered: readonly string[], from: number, state?: string): boolean =>
  entered.some((name, index) => index >= from && index < entered.length - 1 && (!state || name === state));

/** The states that a workflow has entered, and who waits for it to leave one. */
const trackProgress = () => {
  const entered: string[] = [];
  const { promise: over, resolve: endsNow } = Promise.withResolvers<void>();
  let ended = false;
  let waiting: { isOver: () => boolean; resolve: () => void }[] = [];
  const look = () => {
    const over = waiting.filter(({ isOver }) => isOver());
    waiting = waiting.filter((one) => !over.includes(one));
    for (const { resolve } of over) resolve();
  };
  return {
    enter: (state: string) => {
      entered.push(state);
      look();
    },
    ended: over,
    end: () => {
      ended = true;
      endsNow();
      look();
    },
    left: (state?: string): Promise<void> => {
      const from = entered.length;
      return new Promise((resolve) => {
        const isOver = () => ended || hasLeft(entered, from, state);
        waiting.push({ isOver, resolve });
        look();
      });
    },
  };
};

/** Starts a state machine on aws-local-stepfunctions, and records what Step Functions would tell about it. */
export const launch = ({
  machine,
  arn,
  name,
  input,
  tasks,
  tokens,
  earlier,
  onEntered,
  onCheckpoint,
  onLogged = () => {},
  onEnded,
}: LaunchProps): Execution => {
  const progress = trackProgress();
  let attempts = 0;
  // The values of `$$.State`. The engine does not provide them, but looks up every state as it enters it.
  const current = {
    Name: '',
    EnteredTime: '',
    get RetryCount() {
      return attempts;
    },
  };
  const resumed = earlier?.log.findLast(({ type }) => type === 'StateEntered')?.state;
  let wait = resumed && earlier?.wait;
  if (wait) tokens.restore(wait.token, machine.arn);
  let token = '';
  const states = new Proxy(machine.definition.States, {
    get: (all, state: string) => {
      if (state in all) {
        Object.assign(current, { Name: state, EnteredTime: new Date().toISOString() });
        attempts = 0;
        progress.enter(state);
        onEntered();
      }
      return all[state];
    },
  });
  const engine = new StateMachine(
    {
      ...machine.definition,
      ...(resumed && { StartAt: resumed.name }),
      States: states,
    } as unknown as StateMachineDefinition,
    {
      // The definition was checked when the stack started.
      validationOptions: { noValidate: true },
    },
  );

  const execution: Execution = {
    arn,
    name,
    machine,
    input,
    startDate: earlier?.startDate ?? Date.now(),
    log: resumed ? [...(earlier?.log ?? [])] : [],
    status: 'RUNNING',
    abort: (error, cause) => {
      Object.assign(execution, { ...(error && { error }), ...(cause && { cause }) });
      run.abort();
    },
  };

  const log = (event: EngineEvent): void => {
    execution.log.push(event);
    onLogged(execution, event);
  };

  /** An end at a quota, which no Retry and no Catch of the definition can handle. */
  let quotaEnd: { readonly status: 'FAILED'; readonly error: string; readonly cause: string } | undefined;
  const endAtQuota = (error: string, cause: string): void => {
    quotaEnd = { status: 'FAILED', error, cause };
    log({ type: 'ExecutionFailed', timestamp: Date.now(), Error: error, Cause: cause });
    run.abort();
  };
  const checkData = (state: string, data: unknown): void => {
    if (quotaEnd || !isTooMuchData(data)) return;
    endAtQuota(
      'States.DataLimitExceeded',
      `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  };

  const { orderId = name } = JSON.parse(input) as { orderId?: string };
  const taskOf = (state: string) => async (taskInput: unknown) => {
    attempts += 1;
    // The engine enters the first state before it has returned, when there is nothing to abort yet. And its log has to
    // be read up to here first: the data may already have been too much.
    await turn();
    checkData(state, taskInput);
    if (quotaEnd || execution.status !== 'RUNNING') return progress.ended as Promise<never>;
    const waitsUntil = wait && (wait.until ?? Infinity);
    wait = undefined;
    const result = await tasks.run({
      machine,
      executionArn: arn,
      orderId,
      state,
      attempt: attempts,
      input: taskInput,
      left: progress.left,
      abort: () => execution.abort(),
      ended: progress.ended,
      token,
      waitsUntil,
      waits: (until) => {
        execution.wait = until === undefined ? undefined : { token, ...(until < Infinity && { until }) };
        // After its end a wait stays on record until the next state is, so that whoever answered is not asked again.
        if (until !== undefined) onCheckpoint(execution);
      },
    });
    checkData(state, result);
    return result as never;
  };
  const run = engine.run(resumed ? resumed.input : JSON.parse(input), {
    context: {
      Execution: { Id: arn, Name: name },
      StateMachine: { Id: machine.arn, Name: machine.name },
      State: current,
      Task: {
        get Token() {
          // Each attempt gets a new token, which ends the one before.
          if (!wait) tokens.close(token);
          token = wait?.token ?? tokens.issue(machine.arn);
          return token;
        },
      },
    },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        Object.entries(machine.definition.States)
          .filter(([, { Type }]) => Type === 'Task')
          .map(([state]) => [state, taskOf(state)]),
      ),
    },
  });

  const logged = (async () => {
    const tell = historian(machine.isFunction);
    let told = execution.log.reduce((sum, event) => sum + tell(event).length, 0);
    // A resumed run first logs again that it has started and entered its state.
    let known = resumed ? 2 : 0;
    for await (const event of run.eventLogs as AsyncIterable<EngineEvent>) {
      if (known-- > 0 || quotaEnd) continue;
      told += tell(event).length;
      // Only a success may be the last event of all.
      if (told >= HISTORY_EVENTS && event.type !== 'ExecutionSucceeded') {
        endAtQuota(
          'States.Runtime',
          `The execution reached the maximum number of history events (${HISTORY_EVENTS}).`,
        );
        continue;
      }
      log(event);
      const { type, state } = event;
      if (state && type === 'StateExited') checkData(state.name, state.output);
      if (type === 'StateEntered') onCheckpoint(execution);
    }
  })();
  const end = async (outcome: Partial<Execution>) => {
    await logged;
    tokens.close(token);
    Object.assign(execution, quotaEnd ?? outcome, { stopDate: Date.now() });
    progress.end();
    onEnded(execution);
  };
  run.result.then(
    (output) => end({ status: 'SUCCEEDED', output: JSON.stringify(output) }),
    (failure: Error & { cause?: Error }) =>
      failure.name === 'ExecutionAbortedError'
        ? end({ status: 'ABORTED' })
        : end({
            status: 'FAILED',
            error: failure.cause?.name ?? failure.name,
            cause: failure.cause?.message ?? '',
          }),
  );
  return execution;
};
