import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveryFaultPlan } from './delivery-faults.ts';
import type { Functions, InvocationResult } from './functions.ts';
import type { Queues } from './queues.ts';
import type { Resource } from './template.ts';

/** How Lambda treats an asynchronous invocation that fails. */
interface AsyncConfig {
  readonly retries: number;
  readonly deadLetterArn?: string;
}

/** Lambda's waits before it invokes a failed asynchronous event again, in seconds: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_DELAY_SECONDS = [60, 120];

/** How late is late: EventBridge promises no time. */
const LATE_SECONDS = 30;
/** Where nothing takes time, an event must still come after those that were not late. */
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

/** Whose event it is: one of ours names its order, a change of an execution's status the execution, which is named after it. */
const orderOf = (event: unknown): string => {
  const { detail } = event as { detail?: { data?: { orderId?: string }; name?: string } };
  return detail?.data?.orderId ?? detail?.name?.replace(/-\d+$/, '') ?? '';
};

const INJECTED: InvocationResult = {
  error: { errorType: 'InjectedError', errorMessage: 'a fault was asked for', trace: [] },
};

export interface DeliveriesProps {
  readonly resources: readonly Resource[];
  readonly functions: Functions;
  readonly queues: Queues;
  readonly faults: DeliveryFaultPlan;
  /** What every delay is multiplied by: 1 as on AWS, less for tests. */
  readonly timeScale: number;
}

/** Lambda's asynchronous invocations in this process: retried, and kept in a queue where they fail for good. */
export const deliveries = ({ resources, functions, queues, faults, timeScale }: DeliveriesProps) => {
  const asyncConfigs = asyncConfigsIn(resources);
  const closing = new AbortController();
  let underWay = 0;
  const wait = (ms: number) => delay(ms, undefined, { signal: closing.signal });

  const attempt = async (functionArn: string, event: unknown): Promise<void> => {
    const { retries, deadLetterArn } = asyncConfigs.get(functionNameOf(functionArn)) ?? { retries: 2 };
    for (let tried = 0; ; tried += 1) {
      const isInjected = faults.take(orderOf(event), listenerName(functionArn), 'listener-error');
      const { error } = isInjected ? INJECTED : await functions.invoke(functionArn, event);
      if (!error) return;
      if (tried === retries) {
        // The record of the invocation, with the event in it.
        const record = {
          version: '1.0',
          timestamp: new Date().toISOString(),
          requestContext: {
            functionArn,
            condition: 'RetriesExhausted',
            approximateInvokeCount: tried + 1,
          },
          requestPayload: event,
          responseContext: { statusCode: 200, functionError: 'Unhandled' },
          responsePayload: error,
        };
        if (deadLetterArn) queues.send(deadLetterArn, record);
        return;
      }
      await wait((RETRY_DELAY_SECONDS[tried] ?? 120) * 1_000 * timeScale);
    }
  };

  const track = (work: Promise<void>): void => {
    underWay += 1;
    work
      .catch(() => {})
      .finally(() => {
        underWay -= 1;
      });
  };

  const deliver = async (functionArn: string, event: unknown): Promise<void> => {
    const befalls = (kind: Parameters<typeof faults.take>[2]) =>
      faults.take(orderOf(event), listenerName(functionArn), kind);
    const copies = befalls('deliver-twice') ? 2 : 1;
    if (befalls('deliver-late')) await wait(Math.max(LATE_SECONDS * 1_000 * timeScale, LATE_AT_LEAST_MS));
    await Promise.all(Array.from({ length: copies }, () => attempt(functionArn, event)));
  };

  return {
    /** An event that a rule hands to a function. */
    deliver: (functionArn: string, event: unknown): void => track(deliver(functionArn, event)),
    /** An asynchronous invocation by anyone else. */
    invoke: (functionArn: string, event: unknown): void => track(attempt(functionArn, event)),
    /** Those that have neither succeeded nor failed for good. */
    underWay: () => underWay,
    close: () => closing.abort(),
  };
};
export type Deliveries = ReturnType<typeof deliveries>;
