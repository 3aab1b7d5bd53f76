import type { HistoryEvent } from '@aws-sdk/client-sfn';
import aslValidator from 'asl-validator';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { AwsError, notEmulated } from './aws-error.ts';
import type { EventBus } from './event-bus.ts';
import { type EngineEvent, historyOf } from './execution-history.ts';
import type { Functions } from './functions.ts';
import type { Permissions } from './permissions.ts';
import type { Resource } from './template.ts';

const PUT_EVENTS = 'arn:aws:states:::events:putEvents';
const isFunction = (resource: string) => resource.startsWith('arn:aws:lambda:');

interface Retrier {
  readonly IntervalSeconds?: number;
  readonly MaxDelaySeconds?: number;
}
interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly [field: string]: unknown;
}
interface Definition {
  readonly QueryLanguage?: string;
  readonly States: Readonly<Record<string, State>>;
}

interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly role: string;
  readonly definition: Definition;
}

interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machine: Machine;
  readonly input: string;
  readonly startDate: number;
  readonly log: EngineEvent[];
  readonly abort: (error?: string, cause?: string) => void;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
}

export interface StepFunctionsProps {
  readonly resources: readonly Resource[];
  readonly functions: Functions;
  readonly bus: EventBus;
  readonly permissions: Permissions;
  /** What every delay (retries, waits) is multiplied by: 1 as on AWS, less for tests. */
  readonly timeScale: number;
}

/** An error as a task reports it: its name is what Retry and Catch match, its message the cause. */
const taskError = (name: string, cause: string) => Object.assign(new Error(cause), { name });

/**
 * The definition as our engine runs it: checked, its delays scaled, and without the tasks' time-outs, which we keep
 * ourselves (the library leaves its timer running where a task fails first).
 * @throws Error naming the state and the field that cannot be run here
 */
const prepare = (machineName: string, definition: Definition, timeScale: number): Definition => {
  const { isValid, errorsText } = aslValidator(definition as never, { checkPaths: true, checkArn: true });
  if (!isValid) throw new Error(`${machineName} is not valid: ${errorsText('; ')}`);
  if (definition.QueryLanguage && definition.QueryLanguage !== 'JSONPath') {
    throw new Error(`${machineName}: QueryLanguage ${definition.QueryLanguage} is not emulated locally`);
  }
  const scaled = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * timeScale);
  const states = Object.entries(definition.States).map(([name, { TimeoutSeconds: _, ...state }]) => {
    for (const field of [
      'HeartbeatSeconds',
      'HeartbeatSecondsPath',
      'TimeoutSecondsPath',
      'Credentials',
      'Iterator',
      'ItemProcessor',
      'Branches',
    ]) {
      if (field in state)
        throw new Error(`${machineName}: ${field} of state ${name} is not emulated locally`);
    }
    if (state.Resource && !isFunction(state.Resource) && state.Resource !== PUT_EVENTS) {
      throw new Error(`${machineName}: resource ${state.Resource} of state ${name} is not emulated locally`);
    }
    const retry = state.Retry?.map((retrier) => ({
      ...retrier,
      IntervalSeconds: scaled(retrier.IntervalSeconds ?? 1),
      MaxDelaySeconds: scaled(retrier.MaxDelaySeconds),
    }));
    return [
      name,
      {
        ...state,
        ...(retry && { Retry: retry }),
        ...(state.Seconds !== undefined && { Seconds: scaled(state.Seconds as number) }),
      },
    ];
  });
  return { ...definition, States: Object.fromEntries(states) };
};

/** Step Functions in this process: executions live in its memory, and end with it. */
export const stepFunctions = ({ resources, functions, bus, permissions, timeScale }: StepFunctionsProps) => {
  const machines = new Map<string, Machine>();
  const timeouts = new Map<string, number | undefined>();
  const executions = new Map<string, Execution>();
  let transitions = 0;

  for (const { properties } of resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine')) {
    const {
      StateMachineName: name,
      DefinitionString,
      DefinitionSubstitutions,
      RoleArn,
    } = properties as Record<string, string>;
    const substituted = Object.entries(DefinitionSubstitutions ?? {}).reduce(
      (text, [key, value]) => text.replaceAll(`\${${key}}`, String(value)),
      DefinitionString ?? '',
    );
    const definition = JSON.parse(substituted) as Definition;
    const arn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
    for (const [state, { TimeoutSeconds }] of Object.entries(definition.States))
      timeouts.set(`${arn}/${state}`, TimeoutSeconds);
    machines.set(arn, {
      arn,
      name: name ?? '',
      role: (RoleArn ?? '').split('/').at(-1) ?? '',
      definition: prepare(name ?? '', definition, timeScale),
    });
  }

  const invokeFunction = async (role: string, functionArn: string, input: unknown): Promise<unknown> => {
    try {
      permissions.check(role, 'lambda:InvokeFunction', functionArn);
    } catch (error) {
      throw taskError('Lambda.AWSLambdaException', (error as Error).message);
    }
    const { result, error } = await functions.invoke(functionArn, input);
    if (error) throw taskError(error.errorType, JSON.stringify(error));
    return result;
  };

  const publish = async (execution: Execution, input: unknown): Promise<unknown> => {
    const { machine, arn } = execution;
    const { Entries } = input as { Entries: Record<string, unknown>[] };
    const answer = bus.putEvents(
      Entries.map((entry) => ({
        ...entry,
        Detail: typeof entry.Detail === 'string' ? entry.Detail : JSON.stringify(entry.Detail),
        Resources: [arn, machine.arn],
      })),
      (busArn) => permissions.check(machine.role, 'events:PutEvents', busArn),
    );
    // https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
    if (answer.FailedEntryCount > 0) throw taskError('EventBridge.FailedEntry', JSON.stringify(answer));
    return answer;
  };

  const runTask = async (
    execution: Execution,
    name: string,
    state: State,
    input: unknown,
  ): Promise<unknown> => {
    const resource = state.Resource ?? '';
    const timeoutSeconds = timeouts.get(`${execution.machine.arn}/${name}`);
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<never>((_, reject) => {
      if (timeoutSeconds === undefined) return;
      timer = setTimeout(() => reject(taskError('States.Timeout', '')), timeoutSeconds * 1_000);
    });
    const work = isFunction(resource)
      ? invokeFunction(execution.machine.role, resource, input)
      : publish(execution, input);
    return Promise.race([work, timedOut]).finally(() => clearTimeout(timer));
  };

  const launch = (machine: Machine, name: string, input: string): Execution => {
    // What `$$.State` tells; the engine knows no context of its own, but looks every state up before it enters it.
    const entered = { Name: '', EnteredTime: '' };
    const states = new Proxy(machine.definition.States, {
      get: (all, state: string) => {
        if (state in all) {
          Object.assign(entered, { Name: state, EnteredTime: new Date().toISOString() });
          transitions += 1;
        }
        return all[state];
      },
    });
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const log: EngineEvent[] = [];
    const engine = new StateMachine(
      { ...machine.definition, States: states } as unknown as StateMachineDefinition,
      {
        validationOptions: { noValidate: true },
      },
    );
    const tasks = Object.entries(machine.definition.States).filter(([, { Type }]) => Type === 'Task');
    const execution: Execution = {
      arn,
      name,
      machine,
      input,
      startDate: Date.now(),
      log,
      status: 'RUNNING',
      abort: (error, cause) => {
        Object.assign(execution, { ...(error && { error }), ...(cause && { cause }) });
        run.abort();
      },
    };
    executions.set(arn, execution);
    const run = engine.run(JSON.parse(input), {
      context: {
        Execution: { Id: arn, Name: name },
        StateMachine: { Id: machine.arn, Name: machine.name },
        State: entered,
      },
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(
          tasks.map(([state, definition]) => [
            state,
            (taskInput) => runTask(execution, state, definition, taskInput) as never,
          ]),
        ),
      },
    });
    const logged = (async () => {
      for await (const event of run.eventLogs) log.push(event as EngineEvent);
    })();
    const end = async (outcome: Partial<Execution>) => {
      await logged;
      Object.assign(execution, outcome, { stopDate: Date.now() });
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

  const find = (arn: unknown): Execution => {
    const execution = executions.get(String(arn));
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  };

  const describe = ({
    arn,
    name,
    machine,
    status,
    startDate,
    stopDate,
    input,
    output,
    error,
    cause,
  }: Execution) => ({
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    status,
    startDate: startDate / 1_000,
    ...(stopDate && { stopDate: stopDate / 1_000 }),
    input,
    output,
    error,
    cause,
  });

  const page = <T>(
    items: readonly T[],
    { maxResults = 100, nextToken }: { maxResults?: number; nextToken?: string },
  ) => {
    const from = Number(nextToken ?? 0);
    const until = from + (maxResults || 100);
    return { items: items.slice(from, until), ...(until < items.length && { nextToken: `${until}` }) };
  };

  const operations: Readonly<Record<string, (request: Record<string, never>) => object>> = {
    StartExecution: ({ stateMachineArn, name = crypto.randomUUID(), input = '{}' }) => {
      const machine = machines.get(stateMachineArn ?? '');
      if (!machine)
        throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
      const earlier = executions.get(`${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`);
      if (earlier && !(earlier.status === 'RUNNING' && earlier.input === input)) {
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${earlier.arn}'`);
      }
      const { arn, startDate } = earlier ?? launch(machine, name, input);
      return { executionArn: arn, startDate: startDate / 1_000 };
    },
    DescribeExecution: ({ executionArn }) => describe(find(executionArn)),
    ListExecutions: ({ stateMachineArn, statusFilter, ...paging }) => {
      const newestFirst = [...executions.values()]
        .filter(
          ({ machine, status }) =>
            machine.arn === stateMachineArn && (!statusFilter || status === statusFilter),
        )
        .reverse();
      const { items, ...next } = page(newestFirst, paging);
      return {
        executions: items.map((execution) => ({
          ...describe(execution),
          input: undefined,
          output: undefined,
        })),
        ...next,
      };
    },
    GetExecutionHistory: ({ executionArn, reverseOrder, ...paging }) => {
      const { machine, log } = find(executionArn);
      const history = historyOf(log, (state) => isFunction(machine.definition.States[state]?.Resource ?? ''));
      const { items, ...next } = page<HistoryEvent>(reverseOrder ? history.reverse() : history, paging);
      return {
        events: items.map((event) => ({ ...event, timestamp: (event.timestamp?.getTime() ?? 0) / 1_000 })),
        ...next,
      };
    },
    StopExecution: ({ executionArn, error, cause }) => {
      const execution = find(executionArn);
      if (execution.status === 'RUNNING') execution.abort(error, cause);
      return { stopDate: Date.now() / 1_000 };
    },
  };

  return {
    /** One call of the Step Functions API. @throws AwsError */
    call: async (operation: string, request: Record<string, unknown>): Promise<object> => {
      const serve = operations[operation];
      if (!serve) throw notEmulated(`Step Functions ${operation}`);
      return serve(request as Record<string, never>);
    },
    /** State transitions so far, of all executions: what AWS bills. */
    transitions: () => transitions,
    /** Ends every execution, as the end of this process would. */
    close: () => {
      for (const execution of executions.values()) if (execution.status === 'RUNNING') execution.abort();
    },
  };
};
