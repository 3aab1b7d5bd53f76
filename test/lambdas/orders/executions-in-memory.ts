import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type GetExecutionHistoryCommandInput,
  type HistoryEvent,
  SendTaskSuccessCommand,
  type SendTaskSuccessCommandInput,
  StartExecutionCommand,
  type StartExecutionCommandInput,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { stepFunctions } from '../../../lambdas/runtime/step-functions.ts';

/** When everything happens that a test does not give a time for. */
export const AT = '2026-01-15T09:30:00.000Z';

export const event = (type: HistoryEvent['type'], details: Partial<HistoryEvent> = {}): HistoryEvent => ({
  id: 1,
  timestamp: new Date(AT),
  type,
  ...details,
});
export const entered = (name: string, input?: object): HistoryEvent =>
  event('TaskStateEntered', {
    stateEnteredEventDetails: { name, ...(input && { input: JSON.stringify(input) }) },
  });
export const begun = event('ExecutionStarted');
export const succeeded = event('ExecutionSucceeded');
export const aborted = event('ExecutionAborted');
export const failed = (error?: string, cause?: string): HistoryEvent =>
  event('ExecutionFailed', { executionFailedEventDetails: { error, cause } });
/** The end of an order that was undone as it should be. */
export const undone = (reason: string): HistoryEvent => failed('OrderCancelled', reason);

const END = /^Execution(?!Started)/;
const none = (arn: unknown) =>
  new ExecutionDoesNotExist({ $metadata: {}, message: `Execution Does Not Exist: '${arn}'` });

/** The ARN of an execution, as the engine makes it for one that was started through an alias. */
export const executionArn = (aliasArn: string, name: string): string =>
  `${aliasArn.replace(':stateMachine:', ':execution:').replace(/:live$/, '')}:${name}`;

/** Step Functions behind the functions' own client: executions are what a test says, or what the functions start. */
export const executionsInMemory = () => {
  const calls = mockClient(stepFunctions);
  /** Oldest event first. */
  const histories = new Map<string, readonly HistoryEvent[]>();
  const waiting = new Set<string>();
  let longestPage = 1_000;

  calls.on(StartExecutionCommand).callsFake(async (input: StartExecutionCommandInput) => {
    const arn = executionArn(input.stateMachineArn ?? '', input.name ?? '');
    const earlier = histories.get(arn);
    const start = event('ExecutionStarted', { executionStartedEventDetails: { input: input.input } });
    const same = earlier?.[0]?.executionStartedEventDetails?.input === input.input;
    if (earlier && (!same || END.test(earlier.at(-1)?.type ?? ''))) {
      throw new ExecutionAlreadyExists({ $metadata: {}, message: `Execution Already Exists: '${arn}'` });
    }
    if (!earlier) histories.set(arn, [start]);
    return { executionArn: arn };
  });
  calls.on(GetExecutionHistoryCommand).callsFake(async (input: GetExecutionHistoryCommandInput) => {
    const history = histories.get(input.executionArn ?? '');
    if (!history) throw none(input.executionArn);
    const ordered = input.reverseOrder ? [...history].reverse() : history;
    const from = Number(input.nextToken ?? 0);
    const until = from + Math.min(input.maxResults ?? 100, longestPage);
    return {
      events: ordered.slice(from, until),
      ...(until < ordered.length && { nextToken: `${until}` }),
    };
  });
  calls.on(SendTaskSuccessCommand).callsFake(async ({ taskToken = '' }: SendTaskSuccessCommandInput) => {
    if (!waiting.delete(taskToken)) throw new TaskTimedOut({ $metadata: {}, message: 'Task Timed Out' });
    return {};
  });

  return {
    /** The client's stub: every call that was made; further answers can be set on it. */
    calls,
    /** Oldest event first. */
    has: (aliasArn: string | undefined, name: string, ...history: readonly HistoryEvent[]) => {
      histories.set(executionArn(aliasArn ?? '', name), history);
    },
    /** However many events are asked for: a page may be short. */
    pagesHold: (events: number) => {
      longestPage = events;
    },
    /** A workflow waits for whoever has the token. */
    waits: (token: string) => {
      waiting.add(token);
    },
    /** What was asked to start, with its input read as JSON: `['OrderContinuation', 'ord_1-1', {...}]`. */
    starts: () =>
      calls.commandCalls(StartExecutionCommand).map(({ args: [{ input }] }) => ({
        machine: input.stateMachineArn,
        name: input.name,
        input: JSON.parse(input.input ?? 'null') as Record<string, unknown>,
      })),
    /** What was sent to workflows that wait. */
    answers: () =>
      calls
        .commandCalls(SendTaskSuccessCommand)
        .map(({ args: [{ input }] }) => ({ token: input.taskToken, output: JSON.parse(input.output ?? '') })),
  };
};
export type ExecutionsInMemory = ReturnType<typeof executionsInMemory>;

/** The aliases that the functions are told in the tests. */
export const machines = () => ({
  fulfillment: process.env.FULFILLMENT_ARN ?? '',
  continuation: process.env.CONTINUATION_ARN ?? '',
});
