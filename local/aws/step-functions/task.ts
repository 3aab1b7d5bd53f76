import { randomUUID } from 'node:crypto';
import type { Fault, FaultPlan } from '../../faults/faults.ts';
import type { Gates } from '../../faults/gates.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { Permissions } from '../iam/permissions.ts';
import type { Functions } from '../lambda/functions.ts';
import { isFunction, type Machine, PUT_EVENTS, WAIT_FOR_TOKEN } from './state-machine.ts';
import type { TaskTokens } from './task-tokens.ts';

/** One attempt of a task. */
export interface Attempt {
  readonly machine: Machine;
  readonly executionArn: string;
  readonly orderId: string;
  readonly state: string;
  /** From 1. */
  readonly attempt: number;
  readonly input: unknown;
  /** Resolves when the workflow has left the state, or, without one, the next it comes to. */
  readonly left: (state?: string) => Promise<void>;
  /** Ends the execution. */
  readonly abort: () => void;
  /** Resolves when the execution has ended. */
  readonly ended: Promise<void>;
  /** The token that the state's input was given, if it asked for one. */
  readonly token: string;
  /**
   * Set if it was waiting for its token before a restart, until then in epoch ms: its function has been invoked
   * already.
   */
  readonly waitsUntil: number | undefined;
  /** Says that the execution does nothing but wait, until then, or that it goes on. */
  readonly waits: (until: number | undefined) => void;
}

export interface TaskProps {
  readonly functions: Functions;
  readonly bus: Pick<EventBus, 'putEvents'>;
  readonly permissions: Permissions;
  readonly faults: FaultPlan;
  readonly gates: Gates;
  readonly tokens: TaskTokens;
}

/** An error as a task reports it: its name is what Retry and Catch match, its message the cause. */
const taskError = (name: string, cause: string) => Object.assign(new Error(cause), { name });
/** An error as a function reports it: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
const functionError = (errorType: string, errorMessage: string) =>
  taskError(errorType, JSON.stringify({ errorType, errorMessage, trace: [] }));
/**
 * The only way a publication can fail: https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
 */
const failedEntries = (answer: object) => taskError('EventBridge.FailedEntry', JSON.stringify(answer));
/**
 * Error codes of refused entries:
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const ERROR_CODES: Readonly<Record<string, string>> = {
  'Lambda.ServiceException': 'InternalFailure',
  'Lambda.TooManyRequestsException': 'ThrottlingException',
};
const ASKED_FOR = 'a fault was asked for';
const timeout = () => taskError('States.Timeout', '');

/** Runs the attempts of tasks: functions and publications, and the faults that hit them. */
export const taskRunner = ({ functions, bus, permissions, faults, gates, tokens }: TaskProps) => {
  /** Work that goes on after its attempt has ended. */
  const late = new Map<Promise<unknown>, string>();
  const leaveBehind = ({ orderId }: Attempt, work: Promise<unknown>) => {
    const settled = work.catch(() => {}).finally(() => late.delete(settled));
    late.set(settled, orderId);
  };

  /** If Lambda refuses the invocation, the task fails by Lambda's name for that. */
  const invoked: Functions['invoke'] = async (...invocation) => {
    try {
      return await functions.invoke(...invocation);
    } catch (error) {
      const { name, message } = error as Error;
      throw taskError(`Lambda.${name}`, message);
    }
  };

  const invoke = async (
    { machine, input }: Attempt,
    functionArn: string,
    requestId: string,
  ): Promise<unknown> => {
    try {
      permissions.check(machine.role, 'lambda:InvokeFunction', functionArn);
    } catch (error) {
      throw taskError('Lambda.AWSLambdaException', (error as Error).message);
    }
    const { result, error } = await invoked(functionArn, input, requestId);
    if (error) throw taskError(error.errorType, JSON.stringify(error));
    return result;
  };

  const publish = async ({ machine, executionArn, input }: Attempt): Promise<unknown> => {
    const { Entries } = input as { Entries: Record<string, unknown>[] };
    const answer = bus.putEvents(
      Entries.map((entry) => ({
        ...entry,
        Detail: typeof entry.Detail === 'string' ? entry.Detail : JSON.stringify(entry.Detail),
        Resources: [executionArn, machine.arn],
      })),
      (busArn) => permissions.check(machine.role, 'events:PutEvents', busArn),
    );
    if (answer.FailedEntryCount > 0) throw failedEntries(answer);
    return answer;
  };

  /** Invokes the function, then waits for an answer under its token. */
  const invokeAndWait = async (attempt: Attempt, requestId: string): Promise<unknown> => {
    const { FunctionName, Payload } = attempt.input as { FunctionName: string; Payload: unknown };
    if (attempt.waitsUntil === undefined)
      await invoke({ ...attempt, input: Payload }, FunctionName, requestId);
    const until = attempt.waitsUntil ?? Date.now() + attempt.machine.waitMs(attempt.state);
    attempt.waits(until);
    try {
      const answer = tokens.wait(attempt.token, until - Date.now());
      return await Promise.race([answer, attempt.ended]);
    } catch (error) {
      const { name, message } = error as Error;
      throw taskError(name, message);
    } finally {
      attempt.waits(undefined);
    }
  };

  const work = (attempt: Attempt, resource: string, requestId: string) => {
    if (resource === WAIT_FOR_TOKEN) return invokeAndWait(attempt, requestId);
    return isFunction(resource) ? invoke(attempt, resource, requestId) : publish(attempt);
  };

  /**
   * Lets the work go on unseen, once the workflow has moved on. A handler has made its calls, and stalls, when it is given
   * up: else the undo would overtake it by luck. One that waits for its token is given up at once, as it need not stall.
   */
  const goOnLate = async (
    attempt: Attempt,
    resource: string,
    requestId: string,
    { calls, until }: Fault,
  ): Promise<void> => {
    const left = attempt.left(until);
    if (resource === PUT_EVENTS) {
      leaveBehind(
        attempt,
        left.then(() => work(attempt, resource, requestId)),
      );
      return;
    }
    const stalled = new Promise<void>((resolve) => gates.hold(requestId, calls ?? 0, left, resolve));
    const late = work(attempt, resource, requestId);
    leaveBehind(attempt, late);
    if (resource !== WAIT_FOR_TOKEN) await Promise.race([stalled, late.catch(() => {})]);
  };

  const inject = async (attempt: Attempt, resource: string, plan: Fault): Promise<unknown> => {
    const { fault, calls } = plan;
    const requestId = randomUUID();
    /** A failure as it is reported: by Lambda itself, by the function, or by EventBridge for each entry. */
    const failure = (name: string, message = ASKED_FOR): Error => {
      if (resource !== PUT_EVENTS)
        return name.startsWith('Lambda.') ? taskError(name, message) : functionError(name, message);
      const { Entries } = attempt.input as { readonly Entries: readonly object[] };
      const entry = { ErrorCode: ERROR_CODES[name] ?? name, ErrorMessage: message };
      return failedEntries({ FailedEntryCount: Entries.length, Entries: Entries.map(() => entry) });
    };
    switch (fault) {
      case 'error-before':
        throw failure('InjectedError');
      case 'throttle':
        throw failure('Lambda.TooManyRequestsException', 'Rate Exceeded.');
      case 'timeout-before':
        throw timeout();
      case 'error-after':
        await work(attempt, resource, requestId).catch(() => {});
        throw failure('InjectedError');
      case 'timeout-after':
        await goOnLate(attempt, resource, requestId, plan);
        throw timeout();
      case 'reported-failed':
        await goOnLate(attempt, resource, requestId, plan);
        throw failure('Lambda.ServiceException');
      case 'abort':
        await goOnLate(attempt, resource, requestId, plan);
        attempt.abort();
        return attempt.ended;
      case 'duplicate': {
        const [first, second] = [work(attempt, resource, requestId), work(attempt, resource, randomUUID())];
        leaveBehind(attempt, second);
        return first;
      }
      case 'crash': {
        const died = new Promise<void>((resolve) => {
          if (calls !== undefined) gates.hold(requestId, calls, new Promise(() => {}), resolve);
        });
        await Promise.race([work(attempt, resource, requestId).catch(() => {}), died]);
        throw failure(
          'Runtime.ExitError',
          `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
        );
      }
    }
  };

  /** @param resource a function's ARN, or a publication; @see WAIT_FOR_TOKEN */
  const ask = async (attempt: Attempt, resource: string): Promise<unknown> => {
    const fault = faults.take(attempt.orderId, attempt.state, attempt.attempt);
    return fault ? inject(attempt, resource, fault) : work(attempt, resource, randomUUID());
  };

  return {
    run: (attempt: Attempt): Promise<unknown> =>
      ask(attempt, attempt.machine.definition.States[attempt.state]?.Resource ?? ''),
    ask,
    /** How many attempts, of an order or of all, have handlers that work on though their task has ended. */
    late: (orderId?: string) => [...late.values()].filter((each) => !orderId || each === orderId).length,
  };
};
export type TaskRunner = ReturnType<typeof taskRunner>;
