import { setTimeout as delay } from 'node:timers/promises';
import { type HttpRequest, type HttpResponse, serveHttp } from '../http.ts';
import { authentication } from './authentication.ts';
import { API_VERSION, type Books, newBooks, newId } from './books.ts';
import { stripeFaults } from './faults.ts';
import { formOf } from './form.ts';
import { type Answer, idempotency, type Served } from './idempotency.ts';
import { type Account, newAccount, type Operation, operationOf } from './operations.ts';
import { RATE_LIMITED, StripeError } from './stripe-error.ts';
import { underWay } from './under-way.ts';
import { webhooks } from './webhooks.ts';

export interface StripeProps {
  /** Each is the key of an account of its own. */
  readonly secretKeys?: readonly string[];
  /** In milliseconds. Keys age by it, and objects and signatures are dated by it. */
  readonly clock?: () => number;
  /** What the time to what happens by itself is multiplied by: a debit that settles, an event's next try. 1 without. */
  readonly timeScale?: number;
}

/** What money an intent has moved, in the words of the sandbox's book, and in Stripe's minor units of the currency. */
export interface BookedCharge {
  readonly intentId: string;
  /** As the metadata have it. */
  readonly orderId: string | undefined;
  readonly status: 'PREPARED' | 'CHARGED' | 'CANCELLED';
  readonly amountCents: number;
  readonly chargedCents: number;
  readonly refundedCents: number;
  readonly currency: string;
}

const FAILED = new StripeError(500, { type: 'api_error', message: 'An unknown error occurred' });

const bookedIn = ({ intents, charges }: Books): BookedCharge[] =>
  [...intents.values()].map(({ id, status, metadata, latest_charge, ...intent }) => ({
    intentId: id,
    orderId: metadata.orderId,
    status: status === 'succeeded' ? 'CHARGED' : status === 'canceled' ? 'CANCELLED' : 'PREPARED',
    amountCents: intent.amount,
    chargedCents: intent.amount_received,
    refundedCents: charges.get(latest_charge ?? '')?.amount_refunded ?? 0,
    currency: intent.currency.toUpperCase(),
  }));

/** What an operation answers; from here on it has happened, whatever it answers. */
const executed = (perform: () => object): Answer => {
  try {
    return { status: 200, body: perform() };
  } catch (error) {
    if (error instanceof StripeError) return error;
    throw error;
  }
};

/**
 * A double of Stripe: PaymentIntents with cards and bank debits, refunds and webhooks, as Stripe's documentation has them. What it does not
 * know it refuses.
 */
export const stripeDouble = ({
  secretKeys = ['sk_test_local'],
  clock = Date.now,
  timeScale = 1,
}: StripeProps = {}) => {
  const faults = stripeFaults();
  const byItself = underWay(timeScale);
  const deliveries = webhooks(clock, faults, byItself);
  const accounts = new Map(
    secretKeys.map((key) => [
      key,
      { ...newAccount(newBooks(clock, deliveries.publish, byItself)), keys: idempotency(clock) },
    ]),
  );

  /** https://docs.stripe.com/api/authentication */
  const accountOf = ({ headers }: HttpRequest) => {
    const [, key] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    const account = accounts.get(key ?? '');
    if (account) return account;
    const message = key ? 'Invalid API Key provided.' : 'You did not provide an API key.';
    throw new StripeError(401, { type: 'invalid_request_error', message });
  };

  const orderOf = ({ books }: Account, { id }: Operation, form: ReturnType<typeof formOf>) => {
    const named = books.intents.get(id) ?? books.intents.get(String(form.payment_intent));
    const metadata = named?.metadata ?? form.metadata;
    return typeof metadata === 'object' ? (metadata.orderId as string | undefined) : undefined;
  };

  const serve = async (request: HttpRequest): Promise<Served | undefined> => {
    const account = accountOf(request);
    const { method, url, headers, body } = request;
    const operation = operationOf(method, url.pathname);
    const sent = method === 'GET' ? url.searchParams : new URLSearchParams(body.toString());
    const form = formOf(sent);
    const found = faults.ofRequest(operation.name, orderOf(account, operation, form));
    const { fault, ms = 1_000 } = found ?? {};
    if (fault === 'request-lost') return undefined;
    if (fault === 'rate-limit') throw RATE_LIMITED;
    // "All POST requests accept idempotency keys"; to GET they make no difference.
    const key = method === 'POST' ? headers['idempotency-key'] : undefined;
    sent.sort();
    const served = await account.keys.once(key, url.pathname, sent.toString(), async () => {
      if (fault === 'error-before') throw FAILED;
      const perform = operation.prepare(account, form);
      if (fault === 'delay-before') await delay(ms);
      const answer = executed(perform);
      return fault === 'error-after' ? FAILED : answer;
    });
    if (fault === 'delay-after') await delay(ms);
    return fault === 'answer-lost' ? undefined : served;
  };

  const handle = async (request: HttpRequest): Promise<HttpResponse | undefined> => {
    const served = await serve(request).catch((error: Error) => {
      if (error instanceof StripeError) return { answer: error, isRemembered: false, isReplayed: false };
      throw error;
    });
    if (!served) return undefined;
    const { answer, isRemembered, isReplayed } = served;
    const key = request.headers['idempotency-key'];
    return {
      status: answer.status,
      headers: {
        'content-type': 'application/json',
        'request-id': newId('req'),
        'stripe-version': request.headers['stripe-version'] ?? API_VERSION,
        ...(key && { 'idempotency-key': key }),
        ...(isReplayed && { 'idempotent-replayed': 'true' }),
        // A repeat would be answered with the same again.
        ...(isRemembered && answer.status === 500 && { 'stripe-should-retry': 'false' }),
      },
      body: JSON.stringify(answer.body, null, 2),
    };
  };

  const all = [...accounts.values()];
  const settle = (id: string, isPaid: boolean): void => {
    const owner = all.find(({ books }) => books.intents.has(id) || books.refunds.has(id));
    if (!owner) throw new Error(`there is no ${id}`);
    owner[owner.books.intents.has(id) ? 'intents' : 'refunds'].settle(id, isPaid);
  };
  return {
    /** Answers a request of Stripe's API; undefined where the connection is to end. */
    handle,
    faults,
    /** Answers a request of the page on which customers authenticate. */
    authentication: authentication({
      bySecret: (secret) =>
        all.map(({ intents }) => intents.bySecret(secret)).find((intent) => intent !== undefined),
      settle,
    }),
    /** Where events go from now on. */
    addWebhookEndpoint: deliveries.add,
    /** Once every debit is settled, and every event is delivered, or given up. */
    settled: byItself.settled,
    /** How much of that is still to come. @param orderId for this order alone */
    underWay: byItself.count,
    /** What the account of a secret key has: its intents, charges, refunds and events, by id. */
    books: (secretKey = secretKeys[0]): Books => {
      const account = accounts.get(secretKey ?? '');
      if (!account) throw new Error(`no account has the key ${secretKey}`);
      return account.books;
    },
    charges: (): BookedCharge[] => all.flatMap(({ books }) => bookedIn(books)),
    /**
     * The customer has authenticated, a bank has paid, a refund has arrived; or not.
     * @param id of the intent, or of the refund
     */
    settle,
    /** Not of Stripe's API: so much time has passed that no idempotency key is remembered. */
    forgetKeys: (): void => {
      for (const { keys } of all) keys.forget();
    },
    close: byItself.close,
  };
};
export type StripeDouble = ReturnType<typeof stripeDouble>;

/**
 * The double on loopback.
 * @param port any free one without
 */
export const startStripe = async ({ port = 0, ...props }: StripeProps & { readonly port?: number } = {}) => {
  const double = stripeDouble(props);
  const server = await serveHttp(port, double.handle, '--stripe-port');
  return {
    ...double,
    url: server.url,
    close: async (): Promise<void> => {
      double.close();
      await server.close();
    },
  };
};
export type RunningStripe = Awaited<ReturnType<typeof startStripe>>;
