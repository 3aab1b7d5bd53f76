import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DoubleAddresses } from '../../ask-doubles.ts';
import type { Chance } from '../../faults/strictness.ts';
import type { HttpRequest, HttpResponse } from '../../http.ts';
import { ACCOUNT, REGION, type Resource } from '../../template.ts';
import { AwsError } from '../aws-error.ts';
import { type Call, type CallAnswer, type Completion, type Invocation, LOADED } from './invocation.ts';

/** The outcome of an invocation: its result, or its error as Lambda reports it. */
export type InvocationResult = Pick<Completion, 'result' | 'error'>;

interface FunctionProperties {
  readonly FunctionName: string;
  readonly Handler: string;
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
}

/**
 * The most bytes of an invocation's payload: if it is waited for, and if it is not.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
const PAYLOAD_BYTES = 6 * 1_024 * 1_024;
export const ASYNC_PAYLOAD_BYTES = 1_024 * 1_024;

/** @throws AwsError RequestTooLargeException */
export const checkPayload = (event: unknown, longest = PAYLOAD_BYTES): void => {
  if (Buffer.byteLength(JSON.stringify(event ?? null)) > longest)
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${longest} bytes for the InvokeFunction operation`,
      {},
      413,
    );
};

export interface FunctionsProps {
  readonly resources: readonly Resource[];
  /** Where the template's assets lie. */
  readonly assemblyDirectory: string;
  /** Where the handlers' SDK clients find AWS. */
  readonly awsEndpoint: string;
  /** Where the handlers' clients of other providers find what stands in for these. */
  readonly doubles?: DoubleAddresses;
  /** Serves their calls; undefined if a call is to get no answer. */
  readonly serve: (request: HttpRequest) => Promise<HttpResponse | undefined>;
  readonly onLog: (line: string) => void;
  /** An invocation has run out of time: none of its calls of AWS are served any more. */
  readonly onKilled: (requestId: string) => void;
  /** A handler has ended, whatever its caller was told before. */
  readonly onEnded?: (requestId: string) => void;
  readonly chance: Chance;
}

/** How far a function's clock is off at most, in ms. */
const CLOCK_OFF_MS = 1_000;

/** The stack's functions, each in a thread that starts with its first invocation and stays, as Lambda's do. */
export const functions = ({
  resources,
  assemblyDirectory,
  awsEndpoint,
  doubles = {},
  serve,
  onLog,
  onKilled,
  onEnded = () => {},
  chance,
}: FunctionsProps) => {
  const clockOffsetMs = (name: string): number =>
    chance.has('skewed-clocks') ? Math.round(CLOCK_OFF_MS * (2 * chance.of('skewed-clocks', name) - 1)) : 0;
  const byArn = new Map(
    resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(({ logicalId, properties, assetPath }) => {
        const { FunctionName, Handler, Timeout, MemorySize, Environment } =
          properties as unknown as FunctionProperties;
        if (Handler !== 'index.handler' || !assetPath)
          throw new Error(`${logicalId}: only a bundled index.handler is emulated locally`);
        const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FunctionName}`;
        return [
          functionArn,
          lambda({
            functionName: FunctionName,
            functionArn,
            bundle: pathToFileURL(join(assemblyDirectory, assetPath, 'index.mjs')).href,
            timeoutMs: Timeout * 1_000,
            memorySize: `${MemorySize}`,
            clockOffsetMs: clockOffsetMs(FunctionName),
            doubles,
            serve: async ({ call, method, path, headers, body }) => {
              const url = new URL(path, awsEndpoint);
              const answer = await serve({ method, url, headers, body: Buffer.from(body as string) });
              return { call, ...(answer && { answer }) };
            },
            onLog,
            onKilled,
            onEnded,
            environment: {
              ...Environment?.Variables,
              AWS_REGION: REGION,
              AWS_LAMBDA_FUNCTION_NAME: FunctionName,
              AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${MemorySize}`,
              AWS_LAMBDA_MAX_CONCURRENCY: '1000',
              // The key names the caller, for the endpoint to check what its role may do.
              AWS_ACCESS_KEY_ID: FunctionName,
              AWS_SECRET_ACCESS_KEY: 'local',
              AWS_ENDPOINT_URL: awsEndpoint,
            },
          }),
        ] as const;
      }),
  );

  let isClosed = false;

  return {
    /**
     * @param aheadMs how far the clock of this invocation is ahead of ours
     * @throws AwsError ResourceNotFoundException, RequestTooLargeException
     */
    invoke: (
      functionArn: string,
      event: unknown,
      requestId: string = randomUUID(),
      aheadMs = 0,
    ): Promise<InvocationResult> => {
      // There is only one version here, so a qualifier makes no difference.
      const found = byArn.get(functionArn.split(':').slice(0, 7).join(':'));
      if (!found)
        throw new AwsError('ResourceNotFoundException', `there is no function ${functionArn}`, {}, 404);
      checkPayload(event);
      return found.invoke(event, requestId, aheadMs);
    },
    /** Tells an invocation's caller that it has failed, whatever becomes of it. */
    fail: (requestId: string, error: NonNullable<InvocationResult['error']>): void => {
      for (const each of byArn.values()) each.settle(requestId, { error });
    },
    has: (functionArn: string): boolean => byArn.has(functionArn),
    /** The ARN of a function by its name, or by its ARN. */
    arnOf: (name: string): string =>
      name.startsWith('arn:') ? name : `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
    /**
     * Starts every thread before its first invocation, one after the other, so that calls meanwhile need not wait for
     * all.
     */
    warm: async () => {
      for (const each of byArn.values()) if (!isClosed) await each.warm();
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...byArn.values()].map((each) => each.close()));
    },
  };
};
export type Functions = ReturnType<typeof functions>;

interface LambdaProps {
  readonly functionName: string;
  readonly functionArn: string;
  readonly bundle: string;
  readonly timeoutMs: number;
  readonly memorySize: string;
  readonly clockOffsetMs: number;
  readonly doubles: DoubleAddresses;
  readonly serve: (call: Call) => Promise<CallAnswer>;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLog: (line: string) => void;
  readonly onKilled: (requestId: string) => void;
  readonly onEnded: (requestId: string) => void;
}

/**
 * How many invocations of one function run at once; others wait, before their time starts. Lambda would start instances
 * instead, but here they share one thread and two cores.
 */
const CONCURRENCY = 4;

/** A thread that runs a function, like a sandbox of Lambda's, and the invocations in it. */
interface Sandbox {
  readonly worker: Worker;
  readonly loaded: Promise<void>;
  readonly pending: Map<string, (result: InvocationResult) => void>;
}

const lambda = ({ environment, serve, onLog, onKilled, onEnded, timeoutMs, ...workerData }: LambdaProps) => {
  const waiting: (() => void)[] = [];
  let free = CONCURRENCY;
  /**
   * Where the next invocation goes. A sandbox in which one timed out gets no more, and ends with its last invocation.
   */
  let current: Sandbox | undefined;
  const sandboxes = new Set<Sandbox>();

  const start = (): Sandbox => {
    const worker = new Worker(new URL('./function-worker.ts', import.meta.url), {
      workerData,
      env: { ...environment },
      // A thread does not take these from its environment.
      execArgv: environment.NODE_OPTIONS?.split(' ') ?? [],
      stdout: true,
      stderr: true,
    });
    const { promise: loaded, resolve: isLoaded } = Promise.withResolvers<void>();
    const sandbox: Sandbox = { worker, loaded, pending: new Map() };
    const died = (errorMessage: string) => {
      if (current === sandbox) current = undefined;
      sandboxes.delete(sandbox);
      isLoaded();
      for (const [requestId, settle] of sandbox.pending) {
        settle({ error: { errorType: 'Runtime.ExitError', errorMessage, trace: [] } });
        onEnded(requestId);
      }
      sandbox.pending.clear();
    };
    for (const stream of [worker.stdout, worker.stderr]) createInterface(stream).on('line', onLog);
    worker.on('message', async (message: Completion | Call | typeof LOADED) => {
      if (message === LOADED) return isLoaded();
      if ('call' in message) return worker.postMessage(await serve(message));
      const { requestId, ...result } = message;
      sandbox.pending.get(requestId)?.(result);
      finish(sandbox, requestId);
      onEnded(requestId);
    });
    worker.on('error', (error) => died(error.message));
    worker.on('exit', (code) => died(`the function exited with code ${code}`));
    sandboxes.add(sandbox);
    return sandbox;
  };
  const running = (): Sandbox => {
    current ??= start();
    return current;
  };
  const finish = (sandbox: Sandbox, requestId: string) => {
    sandbox.pending.delete(requestId);
    if (sandbox !== current && sandbox.pending.size === 0) void sandbox.worker.terminate();
  };

  const handle = (event: unknown, requestId: string, aheadMs: number) =>
    new Promise<InvocationResult>((resolve) => {
      const sandbox = running();
      const timer = setTimeout(() => {
        // Lambda ends the sandbox and whatever the handler was about to do; the next invocation starts a new one.
        // Invocations that share the thread here would have sandboxes of their own there, and go on.
        onKilled(requestId);
        if (current === sandbox) current = undefined;
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;
        resolve({ error: { errorType: 'Sandbox.Timedout', errorMessage, trace: [] } });
        finish(sandbox, requestId);
      }, timeoutMs);
      sandbox.pending.set(requestId, (result) => {
        clearTimeout(timer);
        resolve(result);
      });
      sandbox.worker.postMessage({
        requestId,
        event,
        deadline: Date.now() + timeoutMs,
        aheadMs,
      } satisfies Invocation);
    });

  return {
    /** Resolves when the code is loaded. */
    warm: (): Promise<void> => running().loaded,
    /** Settles an invocation for its caller; the handler goes on. */
    settle: (requestId: string, result: InvocationResult): void => {
      for (const { pending } of sandboxes) pending.get(requestId)?.(result);
    },
    invoke: async (event: unknown, requestId: string, aheadMs: number): Promise<InvocationResult> => {
      if (free === 0) await new Promise<void>((go) => waiting.push(go));
      else free -= 1;
      return handle(event, requestId, aheadMs).finally(() => {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      });
    },
    close: async () => {
      await Promise.all([...sandboxes].map(({ worker }) => worker.terminate()));
    },
  };
};
