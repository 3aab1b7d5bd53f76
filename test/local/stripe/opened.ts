import { afterAll, afterEach, beforeAll } from '@jest/globals';
import Stripe from 'stripe';
import { type RunningStripe, type StripeProps, startStripe } from '../../../local/stripe/stripe.ts';

export const CARD = { amount: 2_500, currency: 'eur', allowed_payment_method_types: ['card'] };

/** That the mandate of a debit was accepted. */
export const MANDATE = { mandate_data: { customer_acceptance: { type: 'offline' } } } as const;

/** The official client of the double, as live code makes one. */
export const clientOf = (
  { url }: Pick<RunningStripe, 'url'>,
  secretKey = 'sk_test_local',
  maxNetworkRetries = 0,
): Stripe => {
  const { hostname, port } = new URL(url);
  return new Stripe(secretKey, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries,
    telemetry: false,
  });
};

/** A double for all tests of a file; what it has to forget after each is forgotten. */
export const openStripe = (props: StripeProps = {}) => {
  const opened = {} as { double: RunningStripe; stripe: Stripe };
  beforeAll(async () => {
    opened.double = await startStripe(props);
    opened.stripe = clientOf(opened.double);
  });
  afterEach(() => opened.double.faults.forget());
  afterAll(() => opened.double.close());
  return opened;
};

/** What a promise is rejected with. */
export const refusalOf = async (call: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  try {
    await call;
  } catch (error) {
    return error as Stripe.errors.StripeError;
  }
  throw new Error('it was not refused');
};
