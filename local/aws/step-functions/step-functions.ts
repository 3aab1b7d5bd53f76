import { randomUUID } from 'node:crypto';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { FaultPlan } from '../../faults/faults.ts';
import type { Chance } from '../../faults/strictness.ts';
import type { Journal } from '../../journal.ts';
import type { Resource } from '../../template.ts';
import { AwsError, notEmulated } from '../aws-error.ts';
import { type Engine, orderOf } from './engine.ts';
import { type Execution, type ExecutionRecord, launch, recordOf } from './execution.ts';
import { type EngineEvent, historyOf } from './execution-history.ts';
import { type Machine, machineOf } from './state-machine.ts';
import type { StatusChanges } from './status-changes.ts';
import type { TaskRunner } from './task.ts';
import type { TaskTokens } from './task-tokens.ts';
import { checkRequest } from './workflow-quotas.ts';

export interface StepFunctionsProps {
  readonly resources: readonly Resource[];
  readonly tasks: Pick<TaskRunner, 'run'>;
  readonly tokens: TaskTokens;
  readonly statusChanges: Pick<StatusChanges, 'announce'>;
  readonly faults: Pick<FaultPlan, 'bind'>;
  readonly chance: Pick<Chance, 'has'>;
  readonly journal: Journal;
  /** What every delay (retries, waits) is multiplied by: 1 as on AWS, less for tests. */
  readonly timeScale: number;
  /** An execution, by its name, has added an event to its history. */
  readonly onLogged?: (execution: string, event: EngineEvent) => void;
}

interface Paging {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/**
 * "This is only an upper limit. The actual number of results returned per call might be fewer than the specified maximum":
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
 */
const SHORT_PAGE = 10;

const page = <T>(items: readonly T[], { maxResults, nextToken }: Paging, isShort = false) => {
  const from = Number(nextToken ?? 0);
  const asked = maxResults || 100;
  // The first page holds one event, by which nobody can decide anything.
  const until = from + (isShort ? Math.min(asked, from === 0 ? 1 : SHORT_PAGE) : asked);
  return { items: items.slice(from, until), ...(until < items.length && { nextToken: `${until}` }) };
};

const describe = (execution: Execution) => {
  const { arn, name, machine, status, startDate, stopDate, input, output, error, cause } = execution;
  return {
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
  };
};

/** Step Functions in this process. */
export const stepFunctions = ({
  resources,
  tasks,
  tokens,
  statusChanges,
  faults,
  chance,
  journal,
  timeScale,
  onLogged = () => {},
}: StepFunctionsProps): Engine & { readonly deploy: (from: readonly Resource[]) => void } => {
  const machines = new Map<string, Machine>();
  /** Alias ARNs, and the machines they stand for. */
  const aliases = new Map<string, string>();

  /** Takes a template's machines as they are now; executions under way keep those they began with. */
  const deploy = (from: readonly Resource[]): void => {
    for (const resource of from) {
      if (resource.type === 'AWS::StepFunctions::StateMachine') {
        const machine = machineOf(resource, timeScale);
        machines.set(machine.arn, machine);
      }
      if (resource.type === 'AWS::StepFunctions::StateMachineAlias') {
        // Here always at once, as there is one version.
        const { Name, DeploymentPreference } = resource.properties as {
          Name: string;
          DeploymentPreference: { readonly StateMachineVersionArn: string };
        };
        const machineArn = DeploymentPreference.StateMachineVersionArn.split(':').slice(0, 7).join(':');
        aliases.set(`${machineArn}:${Name}`, machineArn);
      }
    }
  };
  deploy(resources);
  const machineBy = (arn: unknown): Machine => {
    const machine = machines.get(aliases.get(String(arn)) ?? String(arn));
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  };
  const executions = new Map<string, Execution>();
  /** An order's executions, in the order of their start. */
  const byOrder = new Map<string, Execution[]>();
  const add = (execution: Execution): void => {
    executions.set(execution.arn, execution);
    const orderId = orderOf(execution);
    byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), execution]);
  };
  const shelf = journal.shelf<ExecutionRecord>('executions');
  const keep = (execution: Execution) => shelf.put(execution.arn, recordOf(execution));
  let transitions = 0;

  const find = (arn: unknown): Execution => {
    const execution = executions.get(String(arn));
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  };

  const announce = (execution: Execution): void =>
    statusChanges.announce({
      ...describe(execution),
      startDate: execution.startDate,
      stopDate: execution.stopDate,
    });

  const run = (
    machine: Machine,
    { arn, name, input }: Pick<Execution, 'arn' | 'name' | 'input'>,
    earlier?: ExecutionRecord,
  ): Execution => {
    const execution = launch({
      machine,
      arn,
      name,
      input,
      tasks,
      tokens,
      ...(earlier && { earlier }),
      onEntered: () => {
        transitions += 1;
      },
      onCheckpoint: keep,
      onLogged: ({ name }, event) => onLogged(name, event),
      onEnded: (ended) => {
        // In this order: an end that is not on record yet is announced again after a restart.
        announce(ended);
        keep(ended);
      },
    });
    add(execution);
    return execution;
  };

  const start = (stateMachineArn: string, name: string, input: string): Execution => {
    const machine = machineBy(stateMachineArn);
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const earlier = executions.get(arn);
    if (earlier?.status === 'RUNNING' && earlier.input === input) return earlier;
    if (earlier) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    const { orderId = name } = JSON.parse(input) as { orderId?: string };
    faults.bind(orderId);
    const execution = run(machine, { arn, name, input });
    keep(execution);
    return execution;
  };

  const operations: Readonly<Record<string, (request: Record<string, never> & Paging) => object>> = {
    ListStateMachines: (paging) => {
      const { items, ...next } = page([...machines.values()], paging);
      const stateMachines = items.map(({ arn, name }) => ({
        stateMachineArn: arn,
        name,
        type: 'STANDARD',
        creationDate: 0,
      }));
      return { stateMachines, ...next };
    },
    StartExecution: ({ stateMachineArn, name = randomUUID(), input = '{}' }) => {
      const { arn, startDate } = start(String(stateMachineArn), name, input);
      return { executionArn: arn, startDate: startDate / 1_000 };
    },
    DescribeExecution: ({ executionArn }) => describe(find(executionArn)),
    ListExecutions: ({ stateMachineArn, statusFilter, ...paging }) => {
      const newestFirst = [...executions.values()]
        .filter(
          ({ machine, status }) =>
            machine.arn === machineBy(stateMachineArn).arn && (!statusFilter || status === statusFilter),
        )
        .reverse();
      const { items, ...next } = page(newestFirst, paging);
      return {
        executions: items.map((each) => ({ ...describe(each), input: undefined, output: undefined })),
        ...next,
      };
    },
    GetExecutionHistory: ({ executionArn, reverseOrder, ...paging }) => {
      const { machine, log } = find(executionArn);
      const history = historyOf(log, machine.isFunction);
      const { items, ...next } = page<HistoryEvent>(
        reverseOrder ? history.reverse() : history,
        paging,
        chance.has('short-pages'),
      );
      return {
        events: items.map((event) => ({ ...event, timestamp: (event.timestamp?.getTime() ?? 0) / 1_000 })),
        ...next,
      };
    },
    SendTaskSuccess: ({ taskToken, output }) => {
      tokens.succeed(String(taskToken), String(output));
      return {};
    },
    SendTaskFailure: ({ taskToken, error = '', cause = '' }) => {
      tokens.fail(String(taskToken), error, cause);
      return {};
    },
    StopExecution: ({ executionArn, error, cause }) => {
      const execution = find(executionArn);
      if (execution.status === 'RUNNING') execution.abort(error, cause);
      return { stopDate: Date.now() / 1_000 };
    },
  };

  return {
    call: async (operation: string, request: Record<string, unknown>): Promise<object> => {
      const serve = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!serve) throw notEmulated(`Step Functions ${operation}`);
      checkRequest(operation, request);
      return serve(request as Record<string, never>);
    },
    states: [...new Set([...machines.values()].flatMap(({ definition }) => Object.keys(definition.States)))],
    machines: () => [...machines.values()].map(({ name, original }) => ({ name, definition: original })),
    deploy,
    machineOf: tokens.machineOf,
    running: (orderId?: string) =>
      (orderId ? (byOrder.get(orderId) ?? []) : [...executions.values()]).filter(
        ({ status, wait }) => status === 'RUNNING' && !wait,
      ).length,
    executionsOf: (orderId: string) =>
      (byOrder.get(orderId) ?? []).map(({ arn, name, status, wait, log }) => ({
        arn,
        name,
        status,
        state: log.findLast(({ type }) => type === 'StateEntered')?.state?.name,
        token: wait?.token,
      })),
    transitions: () => transitions,
    /** Also goes on with the executions that had not ended. */
    resume: (): void => {
      for (const [, record] of shelf.found) {
        const machine = machines.get(record.machineArn);
        if (!machine) continue;
        if (record.status === 'RUNNING') run(machine, record, record);
        else add({ ...record, machine, abort: () => {} });
      }
    },
    /** Ends every execution, as the end of the process would. */
    close: () => {
      for (const execution of executions.values()) if (execution.status === 'RUNNING') execution.abort();
    },
  };
};
