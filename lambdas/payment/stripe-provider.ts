import type Stripe from 'stripe';
import type { StripePaymentMethods } from '../../configuration/stripe-payment-methods.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import {
  PaymentActionRequiredError,
  PaymentDeclinedError,
  PaymentPendingError,
  PaymentProviderUnavailableError,
  PaymentRequestRefusedError,
} from './errors.ts';
import type { Awaited, Charge, PaymentProvider, PreparedCharge } from './provider.ts';
import { stripeAmount } from './stripe-amount.ts';
import { stripeCalls } from './stripe-calls.ts';
import { stripeNotices } from './stripe-notices.ts';

export interface StripeProviderProps {
  /** The ARN of the secret that holds the API key. */
  readonly secret: string;
  /** The ARN of the secret that holds what signs Stripe's webhooks. */
  readonly webhookSecret: string;
  readonly paymentMethods: StripePaymentMethods;
}

/**
 * That the customer has accepted the mandate of a debit. `offline` is anywhere but in Stripe's own library, which would
 * say from which address and by which browser: the shop's order form has shown it, and the shop keeps the proof.
 * https://docs.stripe.com/api/mandates/object#mandate_object-customer_acceptance
 */
const MANDATE = { mandate_data: { customer_acceptance: { type: 'offline' } } } as const;

/** @throws what the intent has come to, where it has not come to a charge */
const chargeOf = (orderId: string, intent: Stripe.PaymentIntent): Charge => {
  const { status, latest_charge: charge, last_payment_error: declined } = intent;
  const isRefunded = typeof charge === 'object' && charge?.refunded;
  if (status === 'canceled' || isRefunded) throw new OrderAlreadyCancelledError(orderId);
  if (status === 'succeeded' && charge) return { chargeId: typeof charge === 'string' ? charge : charge.id };
  if (status === 'requires_action') throw new PaymentActionRequiredError(orderId);
  if (status === 'processing') throw new PaymentPendingError(orderId);
  if (status === 'requires_payment_method' && declined)
    throw new PaymentDeclinedError(orderId, declined.decline_code ?? declined.code ?? 'declined');
  throw new PaymentProviderUnavailableError(orderId);
};

const retrieve = (intentId: string) => (stripe: Stripe) =>
  stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] });

/** @throws PaymentRequestRefusedError where the money can't be given back */
const refund =
  ({ orderId, intentId }: PreparedCharge) =>
  async (stripe: Stripe): Promise<void> => {
    const whose = { payment_intent: intentId, metadata: { orderId } };
    const refunded = await stripe.refunds.create(whose).catch((error) => {
      // By an earlier attempt, or by hand.
      if (error.code === 'charge_already_refunded') return undefined;
      throw error;
    });
    if (refunded?.status === 'failed' || refunded?.status === 'canceled')
      throw new PaymentRequestRefusedError(orderId, `the refund has ${refunded.status}`);
  };

/**
 * Stripe, by PaymentIntents: prepared unconfirmed, confirmed by their id. No idempotency keys: Stripe forgets them after a
 * day, and an intent that nobody confirms costs nothing.
 *
 * What may be done with an intent in which status: https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export const stripeProvider = ({
  secret,
  webhookSecret,
  paymentMethods,
}: StripeProviderProps): PaymentProvider => {
  const ask = stripeCalls(secret);
  const takesDebits = paymentMethods.some((type) => type !== 'card');

  const confirm = (
    prepared: PreparedCharge,
    params: Stripe.PaymentIntentConfirmParams = {},
  ): Promise<Stripe.PaymentIntent> => {
    const { orderId, intentId } = prepared;
    return ask<Stripe.PaymentIntent>(
      orderId,
      (stripe) => stripe.paymentIntents.confirm(intentId, params),
      ({ status }) => {
        if (status !== 'requires_confirmation') return ask(orderId, retrieve(intentId));
        // A debit without a mandate, says Stripe by that: https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment
        return takesDebits && !params.mandate_data ? confirm(prepared, MANDATE) : undefined;
      },
    );
  };

  /** @param charged what is to be done where it was charged */
  const cancel = (
    { orderId, intentId }: PreparedCharge,
    params: Stripe.PaymentIntentCancelParams,
    charged: (stripe: Stripe) => Promise<void>,
  ) =>
    ask<unknown>(
      orderId,
      (stripe) => stripe.paymentIntents.cancel(intentId, params),
      async ({ status }) => {
        if (status === 'succeeded') return ask(orderId, charged);
        // A bank that has a debit does not give it back "but in rare cases": it pays, or fails, first.
        if (status !== 'canceled') throw new PaymentProviderUnavailableError(orderId);
      },
    );

  return {
    prepare: ({ orderId, correlationId, amountCents, currency, paymentMethod }) =>
      ask(orderId, async (stripe) => {
        const { id } = await stripe.paymentIntents.create({
          amount: stripeAmount(amountCents, currency),
          currency: currency.toLowerCase(),
          payment_method: paymentMethod,
          allowed_payment_method_types: paymentMethods,
          metadata: { orderId, correlationId },
        });
        return id;
      }),

    commit: async (prepared, isRepeat) => {
      const { orderId, intentId } = prepared;
      // Each confirmation is another attempt to pay, and Stripe allows but so many
      // (https://docs.stripe.com/api/payment_intents/confirm): of what its customer is authenticating there must be none.
      const found = isRepeat ? await ask(orderId, retrieve(intentId)) : undefined;
      const isConfirmed = found && found.status !== 'requires_confirmation';
      return chargeOf(orderId, isConfirmed ? found : await confirm(prepared));
    },

    awaited: async ({ orderId, intentId }): Promise<Awaited> => {
      const { status, next_action, client_secret } = await ask(orderId, retrieve(intentId));
      if (status === 'processing') return { by: 'bank' };
      if (status !== 'requires_action') return { by: 'nobody' };
      const url = next_action?.redirect_to_url?.url;
      return { by: 'customer', nextAction: url ? { url } : { clientSecret: client_secret ?? '' } };
    },

    undo: async (prepared) => {
      await cancel(prepared, {}, refund(prepared));
    },

    isGivenBack: async ({ orderId, intentId }) => {
      const { status, latest_charge: charge } = await ask(orderId, retrieve(intentId));
      return status !== 'succeeded' || (typeof charge === 'object' && charge?.refunded === true);
    },

    close: async (prepared) => {
      await cancel(prepared, { cancellation_reason: 'abandoned' }, async () => {});
    },

    noticeOf: stripeNotices(webhookSecret),
  };
};
