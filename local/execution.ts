import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { EngineEvent } from './execution-history.ts';
import type { Machine } from './state-machine.ts';
import type { TaskRunner } from './task.ts';
import type { TaskTokens } from './task-tokens.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** One run of a state machine. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machine: Machine;
  /** JSON. */
  readonly input: string;
  /** Epoch ms. */
  readonly startDate: number;
  readonly log: EngineEvent[];
  readonly abort: (error?: string, cause?: string) => void;
  status: ExecutionStatus;
  /** It waits for someone with its token. */
  waiting: boolean;
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
}

export interface LaunchProps {
  readonly machine: Machine;
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  readonly tasks: TaskRunner;
  readonly tokens: TaskTokens;
  readonly onEntered: () => void;
  readonly onEnded: (execution: Execution) => void;
}

/** Who waits for a workflow to leave a state. */
const journey = () => {
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
        const isOver = () =>
          ended ||
          entered.some(
            (name, index) => index >= from && index < entered.length - 1 && (!state || name === state),
          );
        waiting.push({ isOver, resolve });
        look();
      });
    },
  };
};

/** Starts a state machine on aws-local-stepfunctions, and keeps what Step Functions would tell of it. */
export const launch = ({
  machine,
  arn,
  name,
  input,
  tasks,
  tokens,
  onEntered,
  onEnded,
}: LaunchProps): Execution => {
  const way = journey();
  // What `$$.State` tells; the engine has no context of its own, but looks every state up as it enters it.
  const current = { Name: '', EnteredTime: '' };
  let attempts = 0;
  let token = '';
  const states = new Proxy(machine.definition.States, {
    get: (all, state: string) => {
      if (state in all) {
        Object.assign(current, { Name: state, EnteredTime: new Date().toISOString() });
        attempts = 0;
        way.enter(state);
        onEntered();
      }
      return all[state];
    },
  });
  const engine = new StateMachine(
    { ...machine.definition, States: states } as unknown as StateMachineDefinition,
    {
      // It was checked when the stack started.
      validationOptions: { noValidate: true },
    },
  );

  const execution: Execution = {
    arn,
    name,
    machine,
    input,
    startDate: Date.now(),
    log: [],
    status: 'RUNNING',
    waiting: false,
    abort: (error, cause) => {
      Object.assign(execution, { ...(error && { error }), ...(cause && { cause }) });
      run.abort();
    },
  };
  const { orderId = name } = JSON.parse(input) as { orderId?: string };
  const taskOf = (state: string) => async (taskInput: unknown) => {
    attempts += 1;
    // The engine enters the first state before it has answered: there is nothing to abort yet.
    await undefined;
    return tasks.run({
      machine,
      executionArn: arn,
      orderId,
      state,
      attempt: attempts,
      input: taskInput,
      left: way.left,
      abort: () => execution.abort(),
      ended: way.ended,
      token,
      waits: (waiting) => {
        execution.waiting = waiting;
      },
    }) as Promise<never>;
  };
  const run = engine.run(JSON.parse(input), {
    context: {
      Execution: { Id: arn, Name: name },
      StateMachine: { Id: machine.arn, Name: machine.name },
      State: current,
      Task: {
        get Token() {
          token = tokens.issue(machine.arn);
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
    for await (const event of run.eventLogs) execution.log.push(event as EngineEvent);
  })();
  const end = async (outcome: Partial<Execution>) => {
    await logged;
    Object.assign(execution, outcome, { stopDate: Date.now() });
    way.end();
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
