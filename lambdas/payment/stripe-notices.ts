import Stripe from 'stripe';
import { secretText } from '../runtime/secret.ts';
import { NotFromProviderError } from './errors.ts';
import type { PaymentProvider } from './provider.ts';

const { StripeSignatureVerificationError } = Stripe.errors;

/**
 * What Stripe's webhooks tell (https://docs.stripe.com/webhooks/signature): signed with the endpoint's secret at most five
 * minutes ago, each try anew. While a secret is rolled Stripe signs with both; one that was replaced at once is asked for
 * anew when a signature does not fit it.
 * @param secret the ARN of the endpoint's signing secret
 */
export const stripeNotices =
  (secret: string): PaymentProvider['noticeOf'] =>
  async (headers, rawBody) => {
    const signature = headers['stripe-signature'] ?? '';
    const signed = async (isRenewed: boolean) =>
      Stripe.webhooks
        .constructEventAsync(rawBody, signature, await secretText(secret, isRenewed))
        .catch((error: Error) => {
          if (error instanceof StripeSignatureVerificationError) return undefined;
          throw error;
        });
    const event = (await signed(false)) ?? (await signed(true));
    if (!event) throw new NotFromProviderError();
    if (!event.type.startsWith('payment_intent.')) return undefined;
    const { id, metadata } = event.data.object as Stripe.PaymentIntent;
    return metadata.orderId ? { orderId: metadata.orderId, intentId: id } : undefined;
  };
