// One Lambda function in a thread of its own. The environment is the thread's: nothing of ours leaks in.
import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { InvokeStore, InvokeStoreBase } from '@aws/lambda-invoke-store';
import { askDoubles, type DoubleAddresses } from '../../ask-doubles.ts';
import { traceHeaderOf } from '../../faults/gates.ts';
import { skewClock } from '../../faults/skewed-clock.ts';
import { callsByPort } from '../calls-by-port.ts';
import { type CallAnswer, type Completion, type Invocation, LOADED } from './invocation.ts';

type Handler = (event: unknown, context: object) => Promise<unknown>;
const { functionName, functionArn, bundle, memorySize } = workerData as Record<string, string>;
const { clockOffsetMs, doubles } = workerData as { clockOffsetMs: number; doubles: DoubleAddresses };
// Taken before the clock is skewed: deadlines are by the main thread's clock.
const { now } = Date;
const ahead = new AsyncLocalStorage<number>();
skewClock(() => clockOffsetMs + (ahead.getStore() ?? 0));

const reported = (error: unknown): NonNullable<Completion['error']> => {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { errorType: name, errorMessage: message, trace: (stack ?? '').split('\n') };
};

/**
 * The most bytes that a function may answer: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const ANSWER_BYTES = 6_291_556;
const TOO_LARGE: NonNullable<Completion['error']> = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${ANSWER_BYTES} bytes).`,
  trace: [],
};

// A function that cannot start answers every invocation with the reason, as on AWS.
const loaded: Promise<Handler> = import(bundle as string).then(({ handler }) => handler);
loaded.catch(() => {}).finally(() => parentPort?.postMessage(LOADED));

// Several invocations share this thread; the ids on their log lines are kept apart as in Lambda's own multi-concurrent
// runtime.
const invokeStore = await InvokeStore.getInstanceAsync();

const onAnswer = callsByPort(
  process.env.AWS_ENDPOINT_URL ?? '',
  (call) => parentPort?.postMessage(call),
  () => invokeStore.getXRayTraceId(),
);
askDoubles(doubles);

const invoke = async ({ requestId, event, deadline, aheadMs }: Invocation): Promise<void> => {
  const context = {
    functionName,
    invokedFunctionArn: functionArn,
    awsRequestId: requestId,
    memoryLimitInMB: memorySize,
    getRemainingTimeInMillis: () => Math.max(0, deadline - now()),
  };
  let completion: Completion;
  try {
    const handler = await loaded;
    const result = await invokeStore.run(
      {
        [InvokeStoreBase.PROTECTED_KEYS.REQUEST_ID]: requestId,
        [InvokeStoreBase.PROTECTED_KEYS.X_RAY_TRACE_ID]: traceHeaderOf(requestId),
      },
      () => ahead.run(aheadMs, () => handler(event, context)),
    );
    // Lambda answers with JSON: what does not survive that there must not survive here.
    const json = JSON.stringify(result ?? null);
    completion =
      Buffer.byteLength(json) > ANSWER_BYTES
        ? { requestId, error: TOO_LARGE }
        : { requestId, result: JSON.parse(json) };
  } catch (error) {
    completion = { requestId, error: reported(error) };
  }
  parentPort?.postMessage(completion);
};

parentPort?.on('message', (message: Invocation | CallAnswer) =>
  'call' in message ? onAnswer(message) : invoke(message),
);
