import { randomUUID } from 'node:crypto';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { AwsError, notEmulated } from './aws-error.ts';
import { type Execution, launch } from './execution.ts';
import { historyOf } from './execution-history.ts';
import type { FaultPlan } from './faults.ts';
import { isFunction, machineOf } from './state-machine.ts';
import type { TaskRunner } from './task.ts';
import type { Resource } from './template.ts';

export interface StepFunctionsProps {
  readonly resources: readonly Resource[];
  readonly tasks: TaskRunner;
  readonly faults: FaultPlan;
  /** What every delay (retries, waits) is multiplied by: 1 as on AWS, less for tests. */
  readonly timeScale: number;
}

interface Paging {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

const page = <T>(items: readonly T[], { maxResults, nextToken }: Paging) => {
  const from = Number(nextToken ?? 0);
  const until = from + (maxResults || 100);
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

/** Step Functions in this process: executions live in its memory, and end with it. */
export const stepFunctions = ({ resources, tasks, faults, timeScale }: StepFunctionsProps) => {
  const machines = new Map(
    resources
      .filter(({ type }) => type === 'AWS::StepFunctions::StateMachine')
      .map((resource) => machineOf(resource, timeScale))
      .map((machine) => [machine.arn, machine]),
  );
  const executions = new Map<string, Execution>();
  let transitions = 0;

  const find = (arn: unknown): Execution => {
    const execution = executions.get(String(arn));
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  };

  const start = (stateMachineArn: string, name: string, input: string): Execution => {
    const machine = machines.get(stateMachineArn);
    if (!machine)
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const earlier = executions.get(arn);
    if (earlier?.status === 'RUNNING' && earlier.input === input) return earlier;
    if (earlier) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    faults.bind(name);
    const execution = launch({
      machine,
      arn,
      name,
      input,
      tasks,
      onEntered: () => {
        transitions += 1;
      },
    });
    executions.set(arn, execution);
    return execution;
  };

  const operations: Readonly<Record<string, (request: Record<string, never> & Paging) => object>> = {
    StartExecution: ({ stateMachineArn, name = randomUUID(), input = '{}' }) => {
      const { arn, startDate } = start(String(stateMachineArn), name, input);
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
        executions: items.map((each) => ({ ...describe(each), input: undefined, output: undefined })),
        ...next,
      };
    },
    GetExecutionHistory: ({ executionArn, reverseOrder, ...paging }) => {
      const { machine, log } = find(executionArn);
      const history = historyOf(log, (state) => isFunction(machine.definition.States[state]?.Resource));
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
    /** The names of all states, of every machine. */
    states: [...new Set([...machines.values()].flatMap(({ definition }) => Object.keys(definition.States)))],
    running: () => [...executions.values()].filter(({ status }) => status === 'RUNNING').length,
    /** State transitions so far, of all executions: what AWS bills. */
    transitions: () => transitions,
    /** Ends every execution, as the end of this process would. */
    close: () => {
      for (const execution of executions.values()) if (execution.status === 'RUNNING') execution.abort();
    },
  };
};
