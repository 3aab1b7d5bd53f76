import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import type { TestMethod } from './payment-methods.ts';
import type { UnderWay } from './under-way.ts';

/** Objects as the API answers them, as far as PaymentIntents with cards need them; held to Stripe's own types. */
export type Intent = Pick<
  Stripe.PaymentIntent,
  | 'id'
  | 'object'
  | 'allowed_payment_method_types'
  | 'amount'
  | 'amount_capturable'
  | 'amount_received'
  | 'automatic_payment_methods'
  | 'canceled_at'
  | 'cancellation_reason'
  | 'capture_method'
  | 'client_secret'
  | 'confirmation_method'
  | 'created'
  | 'currency'
  | 'description'
  | 'last_payment_error'
  | 'livemode'
  | 'metadata'
  | 'next_action'
  | 'payment_method_types'
  | 'status'
> & { payment_method: string | null; latest_charge: string | null };

export type Charge = Pick<
  Stripe.Charge,
  | 'id'
  | 'object'
  | 'amount'
  | 'amount_captured'
  | 'amount_refunded'
  | 'billing_details'
  | 'captured'
  | 'created'
  | 'currency'
  | 'disputed'
  | 'failure_code'
  | 'failure_message'
  | 'livemode'
  | 'metadata'
  | 'paid'
  | 'payment_method'
  | 'refunded'
  | 'status'
> & { payment_intent: string };

export type Refund = Pick<
  Stripe.Refund,
  'id' | 'object' | 'amount' | 'created' | 'currency' | 'failure_reason' | 'metadata' | 'reason' | 'status'
> & { charge: string; payment_intent: string };

export type EventType =
  | `payment_intent.${'succeeded' | 'payment_failed' | 'canceled' | 'requires_action' | 'processing'}`
  | 'charge.refunded'
  | 'refund.failed';

/** An event, with its object as it was at that moment (https://docs.stripe.com/api/events/object). */
export interface StripeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  readonly data: { readonly object: Intent | Charge | Refund };
  readonly livemode: false;
  readonly request: null;
  readonly type: EventType;
}

/** The version that objects and events are of: the one of the `stripe` package. */
export const API_VERSION = '2026-10-28.endive';

/** @param prefix what it is: `pi`, `ch`, `re`, `evt`, `req` */
export const newId = (prefix: string): string => `${prefix}_3${randomBytes(12).toString('hex')}`;

/**
 * What one account has at Stripe.
 * @param clock in milliseconds
 */
export const newBooks = (
  clock: () => number,
  publish: (event: StripeEvent) => void,
  { start, after }: UnderWay,
) => {
  const intents = new Map<string, Intent>();
  const charges = new Map<string, Charge>();
  const refunds = new Map<string, Refund>();
  const events = new Map<string, StripeEvent>();
  const now = () => Math.floor(clock() / 1_000);
  return {
    intents,
    charges,
    refunds,
    events,
    /** What is behind the payment methods that the intents have. */
    methods: new Map<string, TestMethod>(),
    now,
    /** What becomes of an object by itself, after a time. */
    later: (ms: number, { metadata }: Intent, work: () => void): void =>
      start(metadata.orderId, after(ms).then(work)),
    tell: (type: EventType, object: Intent | Charge | Refund): void => {
      const event: StripeEvent = {
        id: newId('evt'),
        object: 'event',
        api_version: API_VERSION,
        created: now(),
        data: { object: structuredClone(object) },
        livemode: false,
        request: null,
        type,
      };
      events.set(event.id, event);
      publish(event);
    },
  };
};
export type Books = ReturnType<typeof newBooks>;
