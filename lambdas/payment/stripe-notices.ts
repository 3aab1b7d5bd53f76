import Stripe from 'stripe';
import { secretText } from '../runtime/secret.ts';
import { NotFromProviderError } from './errors.ts';
import type { PaymentProvider } from './provider.ts';

const { StripeSignatureVerificationError } = Stripe.errors;

/**
 * What Stripe's webhooks tell (https://docs.stripe.com/webhooks/signature): signed with the endpoint's secret at most five
 * minutes ago, each try anew. While a secret is rolled Stripe signs with both. One that was replaced at once is known when it
 * is no longer kept, and Stripe tries again for days: whoever sends forgeries has us ask for nothing.
 * @param secret the ARN of the endpoint's signing secret
 */
export const stripeNotices =
  (secret: string): PaymentProvider['noticeOf'] =>
  async (headers, rawBody) => {
    const signature = headers['stripe-signature'] ?? '';
    const event = await Stripe.webhooks
      .constructEventAsync(rawBody, signature, await secretText(secret))
      .catch((error: Error) => {
        throw error instanceof StripeSignatureVerificationError ? new NotFromProviderError() : error;
      });
    if (event.type === 'refund.failed') {
      const { payment_intent: intent, metadata } = event.data.object;
      const orderId = metadata?.orderId;
      return orderId && typeof intent === 'string'
        ? { orderId, intentId: intent, isOfRefund: true }
        : undefined;
    }
    if (!event.type.startsWith('payment_intent.')) return undefined;
    const { id, metadata } = event.data.object as Stripe.PaymentIntent;
    return metadata.orderId ? { orderId: metadata.orderId, intentId: id, isOfRefund: false } : undefined;
  };
