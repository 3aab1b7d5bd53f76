import type { Completion } from '../aws/lambda/invocation.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { STRIPE_HOST, stripeRefusal } from '../stripe/stripe-error.ts';
import { type Gates, rootOf } from './gates.ts';

/**
 * What can go wrong with one call that a function makes of AWS, or of a provider:
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
  /** Its number among the function's calls about the order, from 1; an SDK's retries are not counted. */
  readonly call: number;
  readonly fault: CallFaultKind;
}

/** A call as it was made. */
export interface Call {
  readonly function: string;
  /** `UpdateItem RecordsOrders`, `StartExecution`, `Invoke`, `SendEmail`. */
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
/** Step Functions' error if Lambda does not say what became of an invocation. */
const BELIEVED_FAILED = failure('Lambda.ServiceException', 'the service has failed');

interface Invocation {
  readonly requestId: string;
  readonly functionName: string;
  /** The order that its event names. */
  readonly orderId: string | undefined;
  /** All orders that it has made calls about. */
  readonly orders: Set<string>;
  /** The calls' numbers, by the id that the SDK gives a call and its retries. */
  readonly numbers: Map<string, number>;
  /** What a provider's client has asked last: it gives no id, and asks the same again at once. */
  lastAsked: string;
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
  /** What else happens while a call is held up. */
  readonly meanwhile: (() => Promise<void>) | undefined;
  readonly calls: Call[];
  readonly struck: Set<CallFault>;
  held: Held | undefined;
  /** How many late calls are being served, whose caller may have gone. */
  serving: number;
}

const orderIn = (text: string): string | undefined => /ord_[0-9a-f]{26}/.exec(text)?.[0];

/** What SES is asked for at its only path. */
const MAIL = '/v2/email/outbound-emails';

/** The function `order-saga-dev-ChargePayment`, as `ChargePayment`. */
const shortName = (functionName: string): string => functionName.split('-').at(-1) ?? functionName;

/** A path of Stripe's API, without ids. */
const atStripe = (path: string): string => path.replace(/\/(pi|re|ch)_\w+/, '/*');

const operationOf = ({ method, headers, url, body }: HttpRequest): string => {
  if (headers.host === STRIPE_HOST) return `${method} ${atStripe(url.pathname)}`;
  if (url.pathname === MAIL) return 'SendEmail';
  const operation = headers['x-amz-target']?.split('.')[1] ?? 'Invoke';
  const table = /"TableName":"(\w+)"/.exec(String(body))?.[1];
  return table ? `${operation} ${table}` : operation;
};

const REFUSALS = { refused: 'AccessDeniedException', throttled: 'ThrottlingException' } as const;
const refusal = ({ headers }: HttpRequest, how: keyof typeof REFUSALS): HttpResponse =>
  headers.host === STRIPE_HOST
    ? stripeRefusal(how)
    : {
        status: 400,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify({ __type: REFUSALS[how], message: 'a fault was asked for' }),
      };

const askedIn = ({ method, url, body }: HttpRequest): string =>
  `${method} ${url.pathname}${url.search} ${String(body)}`;

const FOR_EVER = new Promise<never>(() => {});

export interface CallsProps {
  readonly gates: Gates;
  /** Tells an invocation's caller that it has failed, whatever becomes of it. */
  readonly fail: (requestId: string, error: Failure) => void;
}

/** Keeps track of every call that a function makes about the watched orders, and lets single ones go wrong. */
export const calls = ({ gates, fail }: CallsProps) => {
  const invocations = new Map<string, Invocation>();
  const watched = new Map<string, Watched>();
  const keyOf = (requestId: string) => requestId.replaceAll('-', '');

  const release = (held: Held | undefined): void => {
    if (!held) return;
    held.isOpen = true;
    held.open();
  };

  /** Tells the caller that the invocation has failed; from here on none of its calls are served. */
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
    request: HttpRequest,
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
      case 'throttled':
        return refusal(request, fault.fault);
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
    /**
     * Counts an order's calls from here on.
     * @param meanwhile what else happens while a call is held up
     */
    watch: (orderId: string, faults: readonly CallFault[] = [], meanwhile?: () => Promise<void>): void => {
      watched.set(orderId, { faults, meanwhile, calls: [], struck: new Set(), held: undefined, serving: 0 });
    },
    /** The calls about an order so far, in the order in which they were made. */
    of: (orderId: string): readonly Call[] => watched.get(orderId)?.calls ?? [],
    /** The faults that have not struck. */
    pending: (orderId: string): readonly CallFault[] => {
      const order = watched.get(orderId);
      return order?.faults.filter((fault) => !order.struck.has(fault)) ?? [];
    },
    /** The fault by which a call is held up; undefined if none is. */
    held: (orderId: string): CallFaultKind | undefined => {
      const held = watched.get(orderId)?.held;
      return held?.isOpen ? undefined : held?.kind;
    },
    /** Lets go of the call that is held up. */
    release: (orderId: string): void => release(watched.get(orderId)?.held),
    /** How much goes on that its caller believes to have failed, without what is held up. */
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
        lastAsked: '',
        isLate: false,
      });
    },
    /** Its handler has ended, whatever its caller was told before. */
    ended: (requestId: string): void => {
      const invocation = invocations.get(keyOf(requestId));
      invocations.delete(keyOf(requestId));
      for (const orderId of invocation?.orders ?? []) {
        const held = watched.get(orderId)?.held;
        if (!held || held.by === invocation || held.by.functionName !== invocation?.functionName) continue;
        if (held.kind === 'late-next' || held.kind === 'timed-out') release(held);
      }
    },

    /** Serves a call, or lets it go wrong. @returns undefined if it gets no answer */
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
      const id = request.headers['amz-sdk-invocation-id'] ?? askedIn(request);
      const isAgain = request.headers['amz-sdk-invocation-id']
        ? numbers.has(id)
        : invocation.lastAsked === id;
      invocation.lastAsked = id;
      if (!isAgain) {
        order.calls.push({ function: functionName, operation: operationOf(request) });
        numbers.set(id, order.calls.filter((call) => call.function === functionName).length);
      }
      const number = numbers.get(id);
      const fault = order.faults.find((each) => each.function === functionName && each.call === number);
      return fault ? inject(order, fault, invocation, request, answer) : answer();
    },
  };
};
export type Calls = ReturnType<typeof calls>;
