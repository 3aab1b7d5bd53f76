import Stripe from 'stripe';
import { keyedClient } from '../runtime/keyed-client.ts';
import {
  PaymentDeclinedError,
  PaymentProviderUnavailableError,
  PaymentRequestRefusedError,
} from './errors.ts';

/** What Stripe answers is read as this version has it, whatever the account's own is. */
const VERSION = '2026-10-28.endive';
/** Two calls, and ours of AWS beside them, fit into a function's ten seconds. */
const WAITS_MS = 3_500;

type StripeError = InstanceType<typeof Stripe.errors.StripeError>;

/** Of these another attempt may know better: no answer, too many calls, another call under way, trouble on Stripe's side. */
const isTransient = ({ type, statusCode = 0 }: StripeError): boolean =>
  type === 'StripeConnectionError' || statusCode === 409 || statusCode === 429 || statusCode >= 500;

/** @param secret the ARN of the secret that holds the API key */
export const stripeCalls = (secret: string) => {
  const { client, doubt } = keyedClient(
    secret,
    (key) =>
      new Stripe(key, { apiVersion: VERSION, maxNetworkRetries: 0, timeout: WAITS_MS, telemetry: false }),
  );

  /**
   * Asks Stripe, and names what it answers.
   * @param refused what is to become of a call that Stripe refuses for how the intent stands; undefined where that is no
   * reason
   * @throws PaymentProviderUnavailableError, PaymentDeclinedError, PaymentRequestRefusedError
   */
  const ask = async <Answer>(
    orderId: string,
    call: (stripe: Stripe) => Promise<Answer>,
    refused?: (intent: Stripe.PaymentIntent) => Promise<Answer> | undefined,
  ): Promise<Answer> => {
    const stripe = await client();
    try {
      return await call(stripe);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError)) throw error;
      const { type, code, decline_code, param, payment_intent } = error;
      if (type === 'StripeAuthenticationError') {
        doubt();
        throw new PaymentProviderUnavailableError(orderId);
      }
      if (isTransient(error)) throw new PaymentProviderUnavailableError(orderId);
      if (type === 'StripeCardError')
        // The client makes an empty text of a decline_code that is not there.
        throw new PaymentDeclinedError(orderId, decline_code || code || 'declined');
      if (param === 'payment_method') throw new PaymentDeclinedError(orderId, 'no such payment method');
      const instead = payment_intent && refused?.(payment_intent);
      if (instead) return instead;
      throw new PaymentRequestRefusedError(orderId, code ?? type);
    }
  };
  return ask;
};
export type StripeCalls = ReturnType<typeof stripeCalls>;
