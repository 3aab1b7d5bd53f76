import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, FaultPlan } from '../../faults/faults.ts';
import { NO_ANSWER } from '../aws-endpoint.ts';
import { AwsError } from '../aws-error.ts';
import type { InvocationResult } from '../lambda/functions.ts';
import { type Engine, type ExecutionStatus, orderOf } from './engine.ts';
import { hasLeft } from './execution.ts';
import { everyPage, type HandedOver, HERE } from './hand-over.ts';
import { isFunction, type Machine, PUT_EVENTS, WAIT_FOR_TOKEN } from './state-machine.ts';
import type { StatusChanges } from './status-changes.ts';
import type { Attempt, TaskRunner } from './task.ts';

/** How often the other engine is asked which executions have ended: it does not announce that here. */
const POLL_MS = 200;

export interface OtherEngineProps {
  readonly handedOver: HandedOver;
  readonly tasks: Pick<TaskRunner, 'ask'>;
  readonly statusChanges: Pick<StatusChanges, 'announce'>;
  readonly faults: Pick<FaultPlan, 'bind' | 'pending'>;
}

/** What is known here about an execution there. */
interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly orderId: string;
  readonly machine: Machine;
  status: ExecutionStatus;
  /** Whether the engine has answered the request to start it. */
  isStarted: boolean;
  /** The token that it waits for. */
  token: string | undefined;
  readonly ended: Promise<void>;
  readonly end: () => void;
}

interface Description {
  readonly name: string;
  readonly status: ExecutionStatus;
  /** Epoch seconds. */
  readonly startDate: number;
  readonly stopDate?: number;
}

interface HistoryEvent {
  readonly type: string;
  readonly stateEnteredEventDetails?: { readonly name: string };
}

/** The functions that a machine invokes. */
interface Asks {
  /** By ARN. */
  readonly functions: ReadonlySet<string>;
  /** The fields in which its functions' events hold a token. */
  readonly tokenKeys: readonly string[];
}

const asksOf = ({ original }: Machine): Asks => {
  const functions = new Set<string>();
  const tokenKeys = new Set<string>();
  for (const { Resource = '', Parameters } of Object.values(original.States)) {
    if (isFunction(Resource)) functions.add(Resource);
    if (Resource !== WAIT_FOR_TOKEN) continue;
    const { FunctionName, Payload } = Parameters as { FunctionName: string; Payload: object };
    functions.add(FunctionName);
    for (const [key, value] of Object.entries(Payload))
      if (value === '$$.Task.Token') tokenKeys.add(key.replace(/\.\$$/, ''));
  }
  return { functions, tokenKeys: [...tokenKeys] };
};

/** An error as a function reports it: a task's own, or one that no function took part in. */
const reported = ({ name, message }: Error): NonNullable<InvocationResult['error']> => {
  try {
    const error = JSON.parse(message);
    if (error.errorType === name) return error;
  } catch {}
  return { errorType: name, errorMessage: message, trace: [] };
};

/**
 * The workflows on another engine. It runs the definition; what it invokes and publishes comes to our endpoint, and
 * calls of Step Functions there are passed on to it.
 */
export const otherEngine = ({
  handedOver: { machines, call },
  tasks,
  statusChanges,
  faults,
}: OtherEngineProps) => {
  const executions = new Map<string, Execution>();
  /** An order's executions, in the order of their start. */
  const byOrder = new Map<string, Execution[]>();
  const machineOfToken = new Map<string, string>();
  const asks = new Map(machines.map((machine) => [machine, asksOf(machine)]));
  const closing = new AbortController();
  let transitions = 0;

  const machineBy = (arn: unknown): Machine => {
    const machine = machines.find((each) => each.arn === String(arn).split(':').slice(0, 7).join(':'));
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  };
  const ofOrder = (orderId: string): readonly Execution[] => byOrder.get(orderId) ?? [];
  const add = (machine: Machine, name: string, isStarted: boolean): Execution => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const execution: Execution = {
      arn,
      name,
      orderId: orderOf({ name }),
      machine,
      status: 'RUNNING',
      isStarted,
      token: undefined,
      ended,
      end,
    };
    executions.set(arn, execution);
    byOrder.set(execution.orderId, [...ofOrder(execution.orderId), execution]);
    return execution;
  };
  const forget = ({ arn, orderId }: Execution): void => {
    executions.delete(arn);
    byOrder.set(
      orderId,
      ofOrder(orderId).filter((each) => each.arn !== arn),
    );
  };

  const historyOf = (executionArn: string) =>
    everyPage<HistoryEvent>(call, 'GetExecutionHistory', 'events', { executionArn });
  const enteredIn = (history: readonly HistoryEvent[]): string[] =>
    history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);

  /** Announces the end of an execution as AWS would, if it has ended. */
  const look = async (execution: Execution): Promise<void> => {
    const { arn, machine } = execution;
    const description = await call<Description>('DescribeExecution', { executionArn: arn });
    const { status, startDate, stopDate = startDate } = description;
    if (status === 'RUNNING' || execution.status !== 'RUNNING') return;
    transitions += enteredIn(await historyOf(arn)).length;
    execution.status = status;
    statusChanges.announce({
      ...description,
      stateMachineArn: machine.arn,
      startDate: Math.round(startDate * 1_000),
      stopDate: Math.round(stopDate * 1_000),
    });
    execution.end();
  };
  const lookAtAll = async (): Promise<void> => {
    for (const machine of machines) {
      const known = [...executions.values()].filter(
        (each) => each.machine === machine && each.isStarted && each.status === 'RUNNING',
      );
      if (known.length === 0) continue;
      const running = new Set((await runningOf(machine)).map(({ executionArn }) => executionArn));
      for (const execution of known) if (!running.has(execution.arn)) await look(execution);
    }
  };
  const runningOf = (machine: Machine) =>
    everyPage<{ readonly executionArn: string; readonly name: string }>(
      call,
      'ListExecutions',
      'executions',
      {
        stateMachineArn: machine.arn,
        statusFilter: 'RUNNING',
      },
    );
  const poll = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      // An engine that does not answer now may answer later.
      await lookAtAll().catch(() => {});
      await delay(POLL_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  };
  void poll();

  const start = async (request: Record<string, unknown>): Promise<object> => {
    const { stateMachineArn, name = randomUUID(), input = '{}' } = request as Record<string, string>;
    const machine = machineBy(stateMachineArn);
    const earlier = executions.get(`${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`);
    // Before it is started, as its first task may be here before the engine's answer is.
    const execution = earlier ?? add(machine, name, false);
    if (!earlier) faults.bind(execution.orderId);
    try {
      return await call('StartExecution', { stateMachineArn, name, input });
    } catch (error) {
      if (!earlier && (error as Error).name !== 'ServiceUnavailable') forget(execution);
      throw error;
    } finally {
      execution.isStarted = true;
    }
  };

  /** Which attempt the engine asks for, from its own history: a fault may have to hit it. */
  const attemptOf = async (execution: Execution, input: unknown): Promise<Attempt> => {
    const { arn, machine, orderId, ended } = execution;
    const isFaulty = faults.pending().some((fault) => fault.orderId === orderId);
    const history = isFaulty ? await historyOf(arn) : [];
    const entered = enteredIn(history);
    const lastEntry = history.findLastIndex(({ stateEnteredEventDetails }) => stateEnteredEventDetails);
    const scheduled = history.slice(lastEntry).filter(({ type }) => type.endsWith('Scheduled'));
    return {
      machine,
      executionArn: arn,
      orderId,
      state: entered.at(-1) ?? '',
      attempt: scheduled.length,
      input,
      left: async (state) => {
        while (
          execution.status === 'RUNNING' &&
          !hasLeft(enteredIn(await historyOf(arn)), entered.length, state)
        )
          await delay(POLL_MS);
      },
      abort: () => void call('StopExecution', { executionArn: arn }).catch(() => {}),
      ended,
      token: '',
      waitsUntil: undefined,
      waits: () => {},
    };
  };
  /** Runs a task for the engine. If it times out, the answer is held back for as long as the engine waits for it. */
  const ask = async (execution: Execution, resource: string, input: unknown): Promise<unknown> => {
    execution.token = undefined;
    const attempt = await attemptOf(execution, input);
    try {
      return await tasks.ask(attempt, resource);
    } catch (error) {
      if ((error as Error).name !== 'States.Timeout') throw error;
      const seconds = Number(execution.machine.original.States[attempt.state]?.TimeoutSeconds ?? 0);
      await delay((seconds + 1) * 1_000, undefined, { signal: closing.signal }).catch(() => {});
      throw NO_ANSWER;
    }
  };

  const invoke = async (
    execution: Execution,
    functionArn: string,
    event: object,
  ): Promise<InvocationResult> => {
    const { machine } = execution;
    const token = asks
      .get(machine)
      ?.tokenKeys.flatMap((key) => (event as Readonly<Record<string, string>>)[key] ?? [])
      .at(0);
    if (token) machineOfToken.set(token, machine.arn);
    try {
      const result = await ask(execution, functionArn, event);
      execution.token = token;
      return { result };
    } catch (error) {
      if (error === NO_ANSWER) throw error;
      return { error: reported(error as Error) };
    }
  };

  const putEvents = async (
    execution: Execution,
    request: { readonly Entries: readonly object[] },
  ): Promise<object> => {
    try {
      return (await ask(execution, PUT_EVENTS, request)) as object;
    } catch (error) {
      if (error === NO_ANSWER || error instanceof AwsError) throw error;
      // The engine is handed the JSON from which it makes this error.
      return JSON.parse((error as Error).message);
    }
  };

  const engine: Engine = {
    call: async (operation, request) => {
      if (operation === 'StartExecution') return start(request);
      const answer = await call(operation, request);
      if (['SendTaskSuccess', 'SendTaskFailure'].includes(operation))
        for (const execution of executions.values())
          if (execution.token === request.taskToken) execution.token = undefined;
      return answer;
    },
    states: [...new Set(machines.flatMap(({ original }) => Object.keys(original.States)))],
    machines: () => machines.map(({ name, original }) => ({ name, definition: original })),
    machineOf: (token) => machineOfToken.get(token),
    running: (orderId) =>
      (orderId ? ofOrder(orderId) : [...executions.values()]).filter(
        ({ status, token }) => status === 'RUNNING' && !token,
      ).length,
    executionsOf: (orderId) =>
      ofOrder(orderId).map(({ arn, name, status, token }) => ({
        arn,
        name,
        status,
        state: undefined,
        token,
      })),
    transitions: () => transitions,
    resume: async () => {
      for (const machine of machines)
        for (const { name } of await runningOf(machine)) add(machine, name, true);
    },
    close: () => closing.abort(),
  };
  return {
    ...engine,
    /** An invocation by the engine; undefined if it is not a task of one of its executions. */
    invoke: (functionArn: string, event: unknown): Promise<InvocationResult> | undefined => {
      const { orderId } = (event ?? {}) as { readonly orderId?: string };
      const execution = orderId && ofOrder(orderId).findLast(({ status }) => status === 'RUNNING');
      const isTask = execution && asks.get(execution.machine)?.functions.has(functionArn);
      return isTask ? invoke(execution, functionArn, event as object) : undefined;
    },
    /**
     * A publication by the engine; undefined if it is not one of its executions', which name themselves:
     * https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
     */
    putEvents: (request: object): Promise<object> | undefined => {
      const { Entries } = request as {
        readonly Entries: readonly { readonly Resources?: readonly string[] }[];
      };
      const execution = Entries?.[0]?.Resources?.map((arn) =>
        executions.get(`${HERE}${arn.split(':').slice(5).join(':')}`),
      ).find(Boolean);
      return execution && putEvents(execution, { Entries });
    },
    /** @throws Error naming the fault's field that another engine cannot be given */
    checkFault: ({ state, fault }: Fault): void => {
      const waits = machines.some(({ original }) => original.States[state]?.Resource === WAIT_FOR_TOKEN);
      if (waits && fault.startsWith('timeout'))
        throw new Error(
          `fault: ${fault} at ${state} is not to be had on another engine, which times its own wait for an operator`,
        );
    },
  };
};
export type OtherEngine = ReturnType<typeof otherEngine>;
