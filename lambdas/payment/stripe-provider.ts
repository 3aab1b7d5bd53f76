import Stripe from 'stripe';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import { secretText } from '../runtime/secret.ts';
import {
  PaymentActionRequiredError,
  PaymentDeclinedError,
  PaymentPendingError,
  PaymentProviderUnavailableError,
  PaymentRequestRefusedError,
} from './errors.ts';
import type { Awaited, Charge, PaymentProvider, PreparedCharge } from './provider.ts';
import { stripeAmount } from './stripe-amount.ts';
import { stripeNotices } from './stripe-notices.ts';

/** What Stripe answers is read as this version has it, whatever the account's own is. */
const VERSION = '2026-10-28.endive';
/** Two calls, and ours of AWS beside them, fit into a function's ten seconds. */
const WAITS_MS = 3_500;

type StripeError = InstanceType<typeof Stripe.errors.StripeError>;

/** Of these another attempt may know better: no answer, too many calls, another call under way, trouble on Stripe's side. */
const isTransient = ({ type, statusCode = 0 }: StripeError): boolean =>
  type === 'StripeConnectionError' || statusCode === 409 || statusCode === 429 || statusCode >= 500;

export interface StripeProviderProps {
  /** The ARN of the secret that holds the API key. */
  readonly secret: string;
  /** The ARN of the secret that holds what signs Stripe's webhooks. */
  readonly webhookSecret: string;
}

/**
 * Stripe, by PaymentIntents: prepared unconfirmed, confirmed by their id. No idempotency keys: Stripe forgets them after a
 * day, and an intent that nobody confirms costs nothing.
 *
 * What may be done with an intent in which status: https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export const stripeProvider = ({ secret, webhookSecret }: StripeProviderProps): PaymentProvider => {
  let isKeyDoubted = false;
  let latest: { readonly key: string; readonly stripe: Stripe } | undefined;

  const client = async (): Promise<Stripe> => {
    const key = await secretText(secret, isKeyDoubted);
    isKeyDoubted = false;
    if (latest?.key !== key)
      latest = {
        key,
        stripe: new Stripe(key, {
          apiVersion: VERSION,
          maxNetworkRetries: 0,
          timeout: WAITS_MS,
          telemetry: false,
        }),
      };
    return latest.stripe;
  };

  /**
   * Asks Stripe, and names what it answers.
   * @param refused what is to become of a call that the intent's status does not allow
   */
  const ask = async <Answer>(
    orderId: string,
    call: (stripe: Stripe) => Promise<Answer>,
    refused?: (intent: Stripe.PaymentIntent, stripe: Stripe) => Promise<Answer>,
  ): Promise<Answer> => {
    const stripe = await client();
    try {
      return await call(stripe);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError)) throw error;
      const { type, code, decline_code, param, payment_intent } = error;
      if (type === 'StripeAuthenticationError') {
        // A key that was rotated meanwhile: the next attempt asks for it anew.
        isKeyDoubted = true;
        throw new PaymentProviderUnavailableError(orderId);
      }
      if (isTransient(error)) throw new PaymentProviderUnavailableError(orderId);
      if (type === 'StripeCardError')
        // The client makes an empty text of a decline_code that is not there.
        throw new PaymentDeclinedError(orderId, decline_code || code || 'declined');
      if (param === 'payment_method') throw new PaymentDeclinedError(orderId, 'no such payment method');
      if (code === 'payment_intent_unexpected_state' && payment_intent && refused)
        return ask(orderId, (again) => refused(payment_intent, again));
      throw new PaymentRequestRefusedError(orderId, code ?? type);
    }
  };

  /** @throws what the intent has come to, where it has not come to a charge */
  const chargeOf = (orderId: string, intent: Stripe.PaymentIntent): Charge => {
    const { status, latest_charge: charge, last_payment_error: declined } = intent;
    const isRefunded = typeof charge === 'object' && charge?.refunded;
    if (status === 'canceled' || isRefunded) throw new OrderAlreadyCancelledError(orderId);
    if (status === 'succeeded' && charge)
      return { chargeId: typeof charge === 'string' ? charge : charge.id };
    if (status === 'requires_action') throw new PaymentActionRequiredError(orderId);
    if (status === 'processing') throw new PaymentPendingError(orderId);
    if (status === 'requires_payment_method' && declined)
      throw new PaymentDeclinedError(orderId, declined.decline_code ?? declined.code ?? 'declined');
    throw new PaymentProviderUnavailableError(orderId);
  };

  const retrieve = (stripe: Stripe, intentId: string) =>
    stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] });

  const confirm = ({ orderId, intentId }: PreparedCharge) =>
    ask(
      orderId,
      (stripe) => stripe.paymentIntents.confirm(intentId),
      (_, stripe) => retrieve(stripe, intentId),
    );

  return {
    prepare: ({ orderId, correlationId, amountCents, currency, paymentMethod }) =>
      ask(orderId, async (stripe) => {
        const { id } = await stripe.paymentIntents.create({
          amount: stripeAmount(amountCents, currency),
          currency: currency.toLowerCase(),
          payment_method: paymentMethod,
          allowed_payment_method_types: ['card'],
          metadata: { orderId, correlationId },
        });
        return id;
      }),

    commit: async (prepared, isRepeat) => {
      const { orderId, intentId } = prepared;
      // Each confirmation is another attempt to pay, and Stripe allows but so many
      // (https://docs.stripe.com/api/payment_intents/confirm): of what its customer is authenticating there must be none.
      const found = isRepeat ? await ask(orderId, (stripe) => retrieve(stripe, intentId)) : undefined;
      const isConfirmed = found && found.status !== 'requires_confirmation';
      return chargeOf(orderId, isConfirmed ? found : await confirm(prepared));
    },

    awaited: async ({ orderId, intentId }): Promise<Awaited> => {
      const { status, next_action, client_secret } = await ask(orderId, (stripe) =>
        stripe.paymentIntents.retrieve(intentId),
      );
      if (status === 'processing') return { by: 'bank' };
      if (status !== 'requires_action' || !client_secret) return { by: 'nobody' };
      const url = next_action?.redirect_to_url?.url;
      return { by: 'customer', nextAction: url ? { url } : { clientSecret: client_secret } };
    },

    undo: async ({ orderId, intentId }) => {
      await ask<unknown>(
        orderId,
        (stripe) => stripe.paymentIntents.cancel(intentId),
        async ({ status }, stripe) => {
          if (status === 'canceled') return;
          if (status !== 'succeeded') throw new PaymentProviderUnavailableError(orderId);
          await refund(stripe, orderId, intentId);
        },
      );
    },

    close: async ({ orderId, intentId }) => {
      await ask<unknown>(
        orderId,
        (stripe) => stripe.paymentIntents.cancel(intentId, { cancellation_reason: 'abandoned' }),
        async ({ status }) => {
          if (status !== 'canceled' && status !== 'succeeded')
            throw new PaymentProviderUnavailableError(orderId);
        },
      );
    },

    noticeOf: stripeNotices(webhookSecret),
  };
};

/** @throws PaymentRequestRefusedError where the money can't be given back */
const refund = async (stripe: Stripe, orderId: string, intentId: string): Promise<void> => {
  const refunded = await stripe.refunds.create({ payment_intent: intentId }).catch((error: StripeError) => {
    // By an earlier attempt, or by hand.
    if (error.code === 'charge_already_refunded') return undefined;
    throw error;
  });
  if (refunded?.status === 'failed' || refunded?.status === 'canceled')
    throw new PaymentRequestRefusedError(orderId, `the refund has ${refunded.status}`);
};
