import type { Completion } from '../aws/lambda/invocation.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { type Gates, rootOf } from './gates.ts';

/**
 * What can go wrong with one call that a function makes of AWS:
 *
 *   answer-lost         it is served, and its answer lost: the SDK asks again
 *   answer-lost-always  the same, each time that the SDK asks
 *   refused             it is refused for good, and not served
 *   throttled           it is throttled, each time that the SDK asks
 *   dead-before         the function dies before it is served
 *   dead-after          the function dies after it was served
 *   timed-out           the function times out over it; it is served late, after the next invocation has ended
 *   late-next           the invocation is reported failed, and goes on late, after the next one has ended
 *   late-rest           the same, when nothing else goes on with the order
 *   late-end            the same, when nobody wants anything more of the order
 */
export const CALL_FAULT_KINDS = [
  'answer-lost',
  'answer-lost-always',
  'refused',
  'throttled',
  'dead-before',
  'dead-after',
  'timed-out',
  'late-next',
  'late-rest',
  'late-end',
] as const;
export type CallFaultKind = (typeof CALL_FAULT_KINDS)[number];

export interface CallFault {
  /** By its construct id: `ChargePayment`. */
  readonly function: string;
  /** Which of the function's calls about the order, from 1; an SDK's repetitions are no further calls. */
  readonly call: number;
  readonly fault: CallFaultKind;
}

/** A call as it was made. */
export interface Call {
  readonly function: string;
  /** `UpdateItem RecordsOrders`, `StartExecution`, `Invoke`. */
  readonly operation: string;
}

type Failure = NonNullable<Completion['error']>;

const failure = (errorType: string, errorMessage: string): Failure => ({
  errorType,
  errorMessage,
  trace: [],
});
const DIED = failure('Runtime.ExitError', 'Runtime exited with error: signal: killed');
const TIMED_OUT = failure('Sandbox.Timedout', 'Task timed out');
/** As Step Functions names it where Lambda has not said what became of an invocation. */
const BELIEVED_FAILED = failure('Lambda.ServiceException', 'the service has failed');

interface Invocation {
  readonly requestId: string;
  readonly functionName: string;
  /** The order that its event names. */
  readonly orderId: string | undefined;
  /** All orders that it has made calls about. */
  readonly orders: Set<string>;
  /** Which calls they are, by the id that the SDK gives a call and its repetitions. */
  readonly numbers: Map<string, number>;
  /** Its caller believes that it has failed. */
  isLate: boolean;
}

interface Held {
  readonly kind: CallFaultKind;
  readonly by: Invocation;
  readonly opened: Promise<void>;
  readonly open: () => void;
  isOpen: boolean;
}

/** An order whose calls are counted. */
interface Watched {
  readonly faults: readonly CallFault[];
  /** What else happens at the moment at which a call is held up. */
  readonly meanwhile: (() => Promise<void>) | undefined;
  readonly calls: Call[];
  readonly struck: Set<CallFault>;
  held: Held | undefined;
  /** Calls that are served though whoever made them may have gone. */
  serving: number;
}

const orderIn = (text: string): string | undefined => /ord_[0-9a-f]{26}/.exec(text)?.[0];

/** The function `order-saga-dev-ChargePayment`, as `ChargePayment`. */
const shortName = (functionName: string): string => functionName.split('-').at(-1) ?? functionName;

const operationOf = ({ headers, body }: HttpRequest): string => {
  const operation = headers['x-amz-target']?.split('.')[1] ?? 'Invoke';
  const table = /"TableName":"(\w+)"/.exec(String(body))?.[1];
  return table ? `${operation} ${table}` : operation;
};

const refusal = (type: string): HttpResponse => ({
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: type, message: 'a fault was asked for' }),
});

const FOR_EVER = new Promise<never>(() => {});

export interface CallsProps {
  readonly gates: Gates;
  /** Tells the caller of an invocation that it has failed, whatever becomes of it. */
  readonly fail: (requestId: string, error: Failure) => void;
}

/** Knows every call that a function makes about the orders that are watched, and lets single ones go wrong. */
export const calls = ({ gates, fail }: CallsProps) => {
  const invocations = new Map<string, Invocation>();
  const watched = new Map<string, Watched>();
  const keyOf = (requestId: string) => requestId.replaceAll('-', '');

  const release = (held: Held | undefined): void => {
    if (!held) return;
    held.isOpen = true;
    held.open();
  };

  /** The caller is told that it has failed; nothing that it calls from here on is served. */
  const kill = (invocation: Invocation, how: Failure): void => {
    gates.hold(invocation.requestId, 0, FOR_EVER);
    fail(invocation.requestId, how);
  };

  const hold = async (order: Watched, kind: CallFaultKind, by: Invocation): Promise<void> => {
    if (!order.held) {
      const { promise: opened, resolve: open } = Promise.withResolvers<void>();
      order.held = { kind, by, opened, open, isOpen: false };
      await order.meanwhile?.();
      if (kind === 'timed-out') kill(by, TIMED_OUT);
      else {
        by.isLate = true;
        fail(by.requestId, BELIEVED_FAILED);
      }
    }
    await order.held.opened;
  };

  const inject = async (
    order: Watched,
    fault: CallFault,
    invocation: Invocation,
    answer: () => Promise<HttpResponse>,
  ): Promise<HttpResponse | undefined> => {
    const isFirst = !order.struck.has(fault);
    order.struck.add(fault);
    switch (fault.fault) {
      case 'answer-lost':
      case 'answer-lost-always': {
        const answered = await answer();
        return isFirst || fault.fault === 'answer-lost-always' ? undefined : answered;
      }
      case 'refused':
        return refusal('AccessDeniedException');
      case 'throttled':
        return refusal('ThrottlingException');
      case 'dead-before':
        kill(invocation, DIED);
        return FOR_EVER;
      case 'dead-after':
        await answer();
        kill(invocation, DIED);
        return FOR_EVER;
      case 'timed-out':
      case 'late-next':
      case 'late-rest':
      case 'late-end': {
        await hold(order, fault.fault, invocation);
        order.serving += 1;
        return answer().finally(() => {
          order.serving -= 1;
        });
      }
    }
  };

  return {
    /** Counts an order's calls from here on. @param meanwhile what else happens when a call is held up */
    watch: (orderId: string, faults: readonly CallFault[] = [], meanwhile?: () => Promise<void>): void => {
      watched.set(orderId, { faults, meanwhile, calls: [], struck: new Set(), held: undefined, serving: 0 });
    },
    /** The calls about an order so far, in the order in which they were made. */
    of: (orderId: string): readonly Call[] => watched.get(orderId)?.calls ?? [],
    /** The faults that have not come to pass. */
    pending: (orderId: string): readonly CallFault[] => {
      const order = watched.get(orderId);
      return order?.faults.filter((fault) => !order.struck.has(fault)) ?? [];
    },
    /** How the call is held up that waits to be let go. */
    held: (orderId: string): CallFaultKind | undefined => {
      const held = watched.get(orderId)?.held;
      return held?.isOpen ? undefined : held?.kind;
    },
    /** Lets go of the call that is held up. */
    release: (orderId: string): void => release(watched.get(orderId)?.held),
    /** What goes on though whoever asked for it believes that it has failed; what is held up does not. */
    late: (orderId?: string): number => {
      const one = orderId ? watched.get(orderId) : undefined;
      const orders = orderId ? (one ? [one] : []) : [...watched.values()];
      return orders.reduce((sum, { held, serving }) => {
        const goesOn = held?.isOpen && invocations.get(keyOf(held.by.requestId))?.isLate;
        return sum + serving + Number(Boolean(goesOn));
      }, 0);
    },

    /** An invocation begins. */
    began: (requestId: string, functionName: string, event: unknown): void => {
      if (watched.size === 0) return;
      invocations.set(keyOf(requestId), {
        requestId,
        functionName: shortName(functionName),
        orderId: orderIn(JSON.stringify(event ?? null)),
        orders: new Set(),
        numbers: new Map(),
        isLate: false,
      });
    },
    /** Its handler has come to its end, whatever its caller was told. */
    ended: (requestId: string): void => {
      const invocation = invocations.get(keyOf(requestId));
      invocations.delete(keyOf(requestId));
      for (const orderId of invocation?.orders ?? []) {
        const held = watched.get(orderId)?.held;
        if (!held || held.by === invocation || held.by.functionName !== invocation?.functionName) continue;
        if (held.kind === 'late-next' || held.kind === 'timed-out') release(held);
      }
    },

    /** Serves a call, or lets it go wrong. @returns undefined where it is not answered */
    serve: async (
      request: HttpRequest,
      answer: () => Promise<HttpResponse>,
    ): Promise<HttpResponse | undefined> => {
      const invocation = invocations.get(rootOf(request.headers['x-amzn-trace-id'] ?? '') ?? '');
      if (!invocation) return answer();
      const orderId = invocation.orderId ?? orderIn(String(request.body));
      const order = orderId && watched.get(orderId);
      if (!order) return answer();
      invocation.orders.add(orderId);
      const { functionName, numbers } = invocation;
      const id = request.headers['amz-sdk-invocation-id'] ?? '';
      if (!numbers.has(id)) {
        order.calls.push({ function: functionName, operation: operationOf(request) });
        numbers.set(id, order.calls.filter((call) => call.function === functionName).length);
      }
      const number = numbers.get(id);
      const fault = order.faults.find((each) => each.function === functionName && each.call === number);
      return fault ? inject(order, fault, invocation, answer) : answer();
    },
  };
};
export type Calls = ReturnType<typeof calls>;
