import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveryFaultPlan } from '../../faults/delivery-faults.ts';
import type { Chance } from '../../faults/strictness.ts';
import type { Journal } from '../../journal.ts';
import type { Resource } from '../../template.ts';
import type { Queues } from '../events/queues.ts';
import type { Concurrency } from './concurrency.ts';
import { ASYNC_PAYLOAD_BYTES, checkPayload, type Functions, type InvocationResult } from './functions.ts';

/** How Lambda treats an asynchronous invocation that fails. */
interface AsyncConfig {
  readonly retries: number;
  readonly deadLetterArn?: string;
}

/** Lambda's waits before it invokes a failed asynchronous event again, in seconds: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_DELAY_SECONDS = [60, 120];

/** How late a late event is: EventBridge promises no time. */
const LATE_SECONDS = 30;
/**
 * How often an event comes late, or again, if deliveries are as AWS promises them: at least once, in no order.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const REPEATED = 0.3;
/** At time scale 0, too, a late event comes after those that are not late. */
const LATE_AT_LEAST_MS = 50;

const asyncConfigsIn = (resources: readonly Resource[]): Map<string, AsyncConfig> =>
  new Map(
    resources
      .filter(({ type }) => type === 'AWS::Lambda::EventInvokeConfig')
      .map(({ properties }) => {
        const {
          FunctionName,
          MaximumRetryAttempts = 2,
          DestinationConfig,
        } = properties as {
          FunctionName: string;
          MaximumRetryAttempts?: number;
          DestinationConfig?: { OnFailure?: { Destination: string } };
        };
        const deadLetterArn = DestinationConfig?.OnFailure?.Destination;
        return [FunctionName, { retries: MaximumRetryAttempts, ...(deadLetterArn && { deadLetterArn }) }];
      }),
  );

const functionNameOf = (arnOrName: string) => arnOrName.split(':')[6] ?? arnOrName;

/** The function `order-saga-dev-NotifyCustomer`, by its ARN or its name, as `notify-customer`. */
export const listenerName = (arnOrName: string): string =>
  (functionNameOf(arnOrName).split('-').at(-1) ?? '').replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** The order that an event is about: ours name it, a status change names the execution, which is named after it. */
const orderOf = (event: unknown): string => {
  const { detail } = event as { detail?: { data?: { orderId?: string }; name?: string } };
  return detail?.data?.orderId ?? detail?.name?.replace(/-\d+$/, '') ?? '';
};

const INJECTED: InvocationResult = {
  error: { errorType: 'InjectedError', errorMessage: 'a fault was asked for', trace: [] },
};

/** An asynchronous invocation that has neither succeeded nor failed for good. */
interface Pending {
  readonly functionArn: string;
  readonly event: unknown;
  /** How many attempts have failed. */
  readonly tried: number;
  /** When the next attempt is due, in epoch ms; at once without. */
  readonly dueAt?: number;
  /** How much of its waits was skipped so far, in ms: the function finds its clock that much ahead. */
  readonly skippedMs?: number;
  /** Whether it comes once more after it has been dealt with. */
  readonly comesAgain?: boolean;
}

export interface DeliveriesProps {
  readonly resources: readonly Resource[];
  readonly functions: Functions;
  readonly concurrency: Concurrency;
  readonly queues: Queues;
  readonly faults: DeliveryFaultPlan;
  readonly chance: Chance;
  readonly journal: Journal;
  /** What every delay is multiplied by: 1 as on AWS, less for tests. */
  readonly timeScale: number;
}

/** Lambda's asynchronous invocations in this process: retried, and put into a queue if they fail for good. */
export const deliveries = ({
  resources,
  functions,
  concurrency,
  queues,
  faults,
  chance,
  journal,
  timeScale,
}: DeliveriesProps) => {
  const asyncConfigs = asyncConfigsIn(resources);
  const shelf = journal.shelf<Pending>('deliveries');
  /** The attempts under way, each with its function and order. */
  const atWork = new Map<Promise<InvocationResult>, string>();
  const closing = new AbortController();
  /** The order of each delivery under way. */
  const underWay = new Map<string, string>();
  const wait = (ms: number) => delay(ms, undefined, { signal: closing.signal });

  const call = ({ functionArn, event, skippedMs }: Pending): Promise<InvocationResult> => {
    const ours = functions.invoke(functionArn, event, randomUUID(), skippedMs);
    atWork.set(ours, `${functionArn} ${orderOf(event)}`);
    return ours.finally(() => atWork.delete(ours));
  };
  /** Waits for the function's other attempts under way for the same order. */
  const othersEnd = (functionArn: string, event: unknown) =>
    Promise.allSettled(
      [...atWork].filter(([, work]) => work === `${functionArn} ${orderOf(event)}`).map(([ours]) => ours),
    );

  const attempt = async (id: string, pending: Pending): Promise<void> => {
    const { functionArn, event, tried, dueAt, skippedMs = 0 } = pending;
    const { retries, deadLetterArn } = asyncConfigs.get(functionNameOf(functionArn)) ?? { retries: 2 };
    if (dueAt !== undefined) await wait(Math.max(0, dueAt - Date.now()));
    // A stopped function's events are not retried:
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    const isStopped = concurrency.isStopped(functionArn);
    const isInjected = !isStopped && faults.take(orderOf(event), listenerName(functionArn), 'listener-error');
    const { error } = isStopped ? {} : isInjected ? INJECTED : await call(pending);
    // The end of this process is no failure of the function.
    if (closing.signal.aborted) return;
    if (error && tried < retries) {
      const onAwsMs = (RETRY_DELAY_SECONDS[tried] ?? 120) * 1_000;
      const delayMs = onAwsMs * timeScale;
      const next = {
        ...pending,
        tried: tried + 1,
        dueAt: Date.now() + delayMs,
        // At time scale 0 nothing takes time, but the claim of an attempt that died must have run out.
        ...(timeScale === 0 && { skippedMs: skippedMs + onAwsMs - delayMs }),
      };
      shelf.put(id, next);
      // On AWS other attempts have ended by now, as none takes a minute. Here a minute may be no time.
      await othersEnd(functionArn, event);
      return attempt(id, next);
    }
    if ((error || isStopped) && deadLetterArn) {
      // The record of the invocation, with the event in it.
      queues.send(deadLetterArn, {
        version: '1.0',
        timestamp: new Date().toISOString(),
        requestContext: {
          functionArn,
          condition: isStopped ? 'ZeroReservedConcurrency' : 'RetriesExhausted',
          approximateInvokeCount: isStopped ? tried : tried + 1,
        },
        requestPayload: event,
        ...(error && {
          responseContext: { statusCode: 200, functionError: 'Unhandled' },
          responsePayload: error,
        }),
      });
    }
    shelf.remove(id);
    if (pending.comesAgain) accept(functionArn, event, { dueAt: later() });
  };

  /** When a late event comes: after those that are not late. */
  const later = (): number => Date.now() + Math.max(LATE_SECONDS * 1_000 * timeScale, LATE_AT_LEAST_MS);

  /** Whether chance has this event come late, or again, at this function. */
  const happens = (what: string, functionArn: string, event: unknown): boolean => {
    const { 'detail-type': type = '' } = event as { 'detail-type'?: string };
    const subject = [what, listenerName(functionArn), type, orderOf(event)].join(' ');
    return chance.strikes('repeated-deliveries', subject, REPEATED);
  };

  const track = (id: string, pending: Pending): void => {
    underWay.set(id, orderOf(pending.event));
    attempt(id, pending)
      .catch(() => {})
      .finally(() => underWay.delete(id));
  };

  /** Takes an invocation: from here on it is on record. */
  const accept = (
    functionArn: string,
    event: unknown,
    how: Pick<Pending, 'dueAt' | 'comesAgain'> = {},
  ): void => {
    const id = randomUUID();
    const pending: Pending = { functionArn, event, tried: 0, ...how };
    shelf.put(id, pending);
    track(id, pending);
  };

  return {
    /** An event that a rule hands to a function. */
    deliver: (functionArn: string, event: unknown): void => {
      const hits = (kind: Parameters<typeof faults.take>[2]) =>
        faults.take(orderOf(event), listenerName(functionArn), kind);
      const copies = hits('deliver-twice') ? 2 : 1;
      const isLate = hits('deliver-late') || happens('late', functionArn, event);
      const how = {
        ...(isLate && { dueAt: later() }),
        comesAgain: happens('again', functionArn, event),
      };
      for (let copy = 0; copy < copies; copy += 1) accept(functionArn, event, how);
    },
    /** An asynchronous invocation by anyone else. @throws AwsError RequestTooLargeException */
    invoke: (functionArn: string, event: unknown): void => {
      checkPayload(event, ASYNC_PAYLOAD_BYTES);
      accept(functionArn, event, { comesAgain: happens('again', functionArn, event) });
    },
    /** Goes on with the invocations that were under way when the process ended. */
    resume: (): void => {
      for (const [id, pending] of shelf.found) track(id, pending);
    },
    /** How many have neither succeeded nor failed for good, for an order's events or for all. */
    underWay: (orderId?: string) =>
      orderId ? [...underWay.values()].filter((each) => each === orderId).length : underWay.size,
    close: () => closing.abort(),
  };
};
export type Deliveries = ReturnType<typeof deliveries>;
