import { type Books, type Charge, type Intent, newId } from './books.ts';
import { type TestMethod, testMethod } from './payment-methods.ts';
import { invalidRequest, missing, StripeError } from './stripe-error.ts';

export interface NewIntent {
  readonly amount: number;
  readonly currency: string;
  readonly payment_method?: string | undefined;
  readonly allowed_payment_method_types?: string[] | undefined;
  readonly automatic_payment_methods?:
    | { readonly enabled: boolean; readonly allow_redirects?: 'always' | 'never' | undefined }
    | undefined;
  readonly description?: string | undefined;
  readonly metadata?: Record<string, string> | undefined;
}

/** That the customer has accepted the mandate of a debit, and how. */
export interface MandateData {
  readonly customer_acceptance: {
    readonly type: 'online' | 'offline';
    readonly accepted_at?: number | undefined;
    readonly online?: { readonly ip_address: string; readonly user_agent: string } | undefined;
  };
}

export interface Confirmation {
  readonly mandate_data?: MandateData | undefined;
  readonly payment_method?: string | undefined;
  readonly off_session?: boolean | undefined;
  readonly error_on_requires_action?: boolean | undefined;
  readonly return_url?: string | undefined;
}

const CANCELLABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action', 'processing'];
const CONFIRMABLE = ['requires_confirmation', 'requires_action'];

const unexpectedState = (intent: Intent, message: string) =>
  invalidRequest(message, {
    code: 'payment_intent_unexpected_state',
    payment_intent: structuredClone(intent),
  });

const wrongStatus = (intent: Intent, verb: string, participle: string, allowed: readonly string[]) =>
  unexpectedState(
    intent,
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${participle}: ${allowed.join(', ')}.`,
  );

/** What only one currency can be paid by. */
const ONLY_IN: Readonly<Record<string, string>> = { sepa_debit: 'eur', us_bank_account: 'usd' };

const NOT_AUTHENTICATED = {
  code: 'payment_intent_authentication_failure',
  message: 'The customer could not be authenticated.',
} as const;
const NOT_PAID = { code: 'payment_method_provider_decline', message: 'The bank did not pay.' } as const;

const AUTHENTICATION_REQUIRED = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
} as const;

/** The PaymentIntents of an account, and their lifecycle (https://docs.stripe.com/payments/paymentintents/lifecycle). */
export const paymentIntents = (books: Books) => {
  const retrieve = (id: string): Intent => {
    const intent = books.intents.get(id);
    if (!intent) throw missing('payment_intent', id, 'intent', 404);
    return intent;
  };

  /** Each use of a test value makes another PaymentMethod. */
  const attach = (intent: Intent, testValue: string): void => {
    const method = testMethod(testValue);
    if (!intent.payment_method_types.includes(method.type))
      throw invalidRequest(`This PaymentIntent takes no payment method of type ${method.type}.`, {
        code: 'payment_intent_incompatible_payment_method',
        param: 'payment_method',
      });
    intent.payment_method = newId('pm');
    books.methods.set(intent.payment_method, method);
  };

  /** Neither paid nor failed yet. */
  const charge = (intent: Intent): Charge => {
    const made: Charge = {
      id: newId('ch'),
      object: 'charge',
      amount: intent.amount,
      amount_captured: 0,
      amount_refunded: 0,
      billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
      captured: false,
      created: books.now(),
      currency: intent.currency,
      disputed: books.methods.get(intent.payment_method ?? '')?.disputes ?? false,
      failure_code: null,
      failure_message: null,
      livemode: false,
      metadata: { ...intent.metadata },
      paid: false,
      payment_intent: intent.id,
      payment_method: intent.payment_method,
      refunded: false,
      status: 'pending',
    };
    books.charges.set(made.id, made);
    intent.latest_charge = made.id;
    return made;
  };

  const succeed = (intent: Intent, paid = charge(intent)): void => {
    Object.assign(paid, {
      status: 'succeeded',
      paid: true,
      captured: true,
      amount_captured: paid.amount,
    } satisfies Partial<Charge>);
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: intent.amount,
      next_action: null,
      last_payment_error: null,
    } satisfies Partial<Intent>);
    books.tell('payment_intent.succeeded', intent);
  };

  /** A payment that fails needs another payment method: the intent has none any more. */
  const fail = (intent: Intent, reason: NonNullable<TestMethod['decline']>, failed?: Charge): StripeError => {
    if (failed)
      Object.assign(failed, {
        status: 'failed',
        failure_code: reason.code,
        failure_message: reason.message,
      } satisfies Partial<Charge>);
    const error = { type: 'card_error', ...reason, ...(failed && { charge: failed.id }) };
    Object.assign(intent, {
      status: 'requires_payment_method',
      payment_method: null,
      next_action: null,
      last_payment_error: error as NonNullable<Intent['last_payment_error']>,
    } satisfies Partial<Intent>);
    books.tell('payment_intent.payment_failed', intent);
    return new StripeError(402, { ...error, payment_intent: structuredClone(intent) });
  };

  /** The customer has authenticated, or the bank decided. @returns the error, where it was not paid */
  const decide = (
    intent: Intent,
    { decline }: Pick<TestMethod, 'decline'>,
    pending?: Charge,
  ): StripeError | undefined => {
    if (decline) return fail(intent, decline, pending ?? charge(intent));
    succeed(intent, pending);
    return undefined;
  };

  /**
   * A debit. "This error contains a PaymentIntent in the `requires_confirmation` state", and has no code: of one without a
   * mandate (https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment). None of these methods was set up before.
   */
  const debit = (intent: Intent, method: TestMethod, { mandate_data }: Confirmation): void => {
    if (!mandate_data)
      throw invalidRequest(
        'This PaymentIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the customer and try again, providing acceptance data in the mandate_data parameter.',
        { payment_intent: structuredClone(intent) },
      );
    const pending = charge(intent);
    intent.status = 'processing';
    books.tell('payment_intent.processing', intent);
    if (method.settlesMs === undefined) return;
    books.later(method.settlesMs, intent, () => {
      if (intent.status === 'processing') decide(intent, method, pending);
    });
  };

  /**
   * Charges, where nothing stands in the way. Each attempt to authenticate is one of its own: the one before it is over.
   * How many Stripe allows ("the confirmation limit") is not documented: here as many as are made.
   * @throws StripeError 402 where the card is declined, or the customer would have to authenticate and is not there
   */
  const attempt = (intent: Intent, method: TestMethod, how: Confirmation): void => {
    if (method.type !== 'card') return void debit(intent, method, how);
    // Of a mandate for a card nothing is said.
    if (how.mandate_data)
      throw invalidRequest('This payment method takes no mandate.', { param: 'mandate_data' });
    if (method.asksCustomer) {
      // The documentation names no decline_code for `error_on_requires_action`: here it is as without the customer.
      if (how.error_on_requires_action || how.off_session) throw fail(intent, AUTHENTICATION_REQUIRED);
      intent.status = 'requires_action';
      intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { source: newId('src') } };
      return void books.tell('payment_intent.requires_action', intent);
    }
    const declined = decide(intent, method);
    if (declined) throw declined;
  };

  /**
   * What an intent that takes whatever the dashboard has enabled asks of its confirmation
   * (https://docs.stripe.com/changelog/2023-08-16/automatic-payment-methods). That one with a list of its own asks nothing
   * of the kind is what the page says of the list's older name.
   */
  const checkConfirmation = ({ automatic_payment_methods }: Intent, how: Confirmation): void => {
    if (!automatic_payment_methods) return;
    if (how.error_on_requires_action)
      throw invalidRequest(
        'You cannot use `error_on_requires_action` with automatic payment methods; use `allowed_payment_method_types`.',
        { param: 'error_on_requires_action' },
      );
    const mayRedirect = automatic_payment_methods.allow_redirects === 'always' && !how.off_session;
    if (mayRedirect && !how.return_url)
      throw invalidRequest(
        'A `return_url` must be specified, or `automatic_payment_methods[allow_redirects]` be `never`.',
        { param: 'return_url' },
      );
  };

  /** https://docs.stripe.com/api/payment_intents/confirm */
  const confirm = (id: string, how: Confirmation): Intent => {
    const intent = retrieve(id);
    if (intent.status === 'succeeded')
      throw unexpectedState(
        intent,
        'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
      );
    if (intent.status === 'canceled' || intent.status === 'processing')
      throw wrongStatus(intent, 'confirm', 'confirmed', CONFIRMABLE);
    checkConfirmation(intent, how);
    if (how.payment_method) attach(intent, how.payment_method);
    const method = intent.payment_method && books.methods.get(intent.payment_method);
    if (!method)
      throw unexpectedState(
        intent,
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.",
      );
    attempt(intent, method, how);
    return intent;
  };

  return {
    retrieve,
    confirm,

    /**
     * https://docs.stripe.com/api/payment_intents/create
     * @param confirmation where it is to be confirmed at once
     */
    create: (asked: NewIntent, confirmation?: Confirmation): Intent => {
      const id = newId('pi');
      const allowed = asked.allowed_payment_method_types;
      // Who names none takes what the dashboard has enabled. Of a list what the currency does not allow is left out, and
      // nothing said (https://docs.stripe.com/changelog/dahlia/2026-07-29/allowed-payment-method-types-parameter).
      const automatic = asked.automatic_payment_methods?.enabled ?? !allowed;
      const types = (allowed ?? ['card', 'us_bank_account']).filter(
        (type) => (ONLY_IN[type] ?? asked.currency) === asked.currency,
      );
      const intent: Intent = {
        id,
        object: 'payment_intent',
        allowed_payment_method_types: allowed ?? null,
        amount: asked.amount,
        amount_capturable: 0,
        amount_received: 0,
        automatic_payment_methods: automatic
          ? { enabled: true, allow_redirects: asked.automatic_payment_methods?.allow_redirects ?? 'always' }
          : null,
        canceled_at: null,
        cancellation_reason: null,
        capture_method: 'automatic_async',
        client_secret: `${id}_secret_${newId('s')}`,
        confirmation_method: 'automatic',
        created: books.now(),
        currency: asked.currency,
        description: asked.description ?? null,
        last_payment_error: null,
        latest_charge: null,
        livemode: false,
        metadata: { ...asked.metadata },
        next_action: null,
        payment_method: null,
        payment_method_types: types,
        status: 'requires_payment_method',
      };
      if (asked.payment_method) {
        attach(intent, asked.payment_method);
        intent.status = 'requires_confirmation';
      }
      if (confirmation) checkConfirmation(intent, confirmation);
      books.intents.set(id, intent);
      return confirmation ? confirm(id, { ...confirmation, payment_method: undefined }) : intent;
    },

    /** https://docs.stripe.com/api/payment_intents/cancel */
    cancel: (id: string, reason: Intent['cancellation_reason']): Intent => {
      const intent = retrieve(id);
      // "In rare cases, processing": ACH is the one for which a test value is there to try it.
      const isLate =
        intent.status === 'processing' &&
        books.methods.get(intent.payment_method ?? '')?.type !== 'us_bank_account';
      if (isLate || !CANCELLABLE.includes(intent.status))
        throw wrongStatus(intent, 'cancel', 'canceled', CANCELLABLE);
      const pending = intent.status === 'processing' && books.charges.get(intent.latest_charge ?? '');
      if (pending) pending.status = 'failed';
      Object.assign(intent, {
        status: 'canceled',
        canceled_at: books.now(),
        cancellation_reason: reason,
        next_action: null,
      } satisfies Partial<Intent>);
      books.tell('payment_intent.canceled', intent);
      return intent;
    },

    /** Whose customer is shown this secret. */
    bySecret: (clientSecret: string): Intent | undefined =>
      [...books.intents.values()].find(({ client_secret }) => client_secret === clientSecret),

    /**
     * Not of Stripe's API: the customer has authenticated, or not; the bank has paid, or not.
     * @throws StripeError where the intent does not wait for either
     */
    settle: (id: string, isPaid: boolean): Intent => {
      const intent = retrieve(id);
      const method = books.methods.get(intent.payment_method ?? '');
      if (intent.status === 'processing')
        decide(intent, isPaid ? {} : { decline: NOT_PAID }, books.charges.get(intent.latest_charge ?? ''));
      else if (intent.status !== 'requires_action')
        throw wrongStatus(intent, 'settle', 'settled', ['requires_action', 'processing']);
      else if (isPaid) decide(intent, method ?? {});
      else fail(intent, NOT_AUTHENTICATED);
      return intent;
    },
  };
};
