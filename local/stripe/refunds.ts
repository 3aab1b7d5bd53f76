import { type Books, type Charge, newId, type Refund } from './books.ts';
import { invalidRequest, missing } from './stripe-error.ts';

export interface NewRefund {
  readonly payment_intent?: string | undefined;
  readonly charge?: string | undefined;
  readonly amount?: number | undefined;
  readonly reason?: Refund['reason'] | undefined;
  readonly metadata?: Record<string, string> | undefined;
}

/** The refunds of an account (https://docs.stripe.com/api/refunds). */
export const refunds = (books: Books) => {
  const chargeOf = ({ payment_intent, charge }: NewRefund): Charge => {
    const intent = books.intents.get(payment_intent ?? '');
    if (payment_intent && !intent) throw missing('payment_intent', payment_intent, 'payment_intent', 400);
    const id = charge ?? intent?.latest_charge;
    const found = books.charges.get(id ?? '');
    if (charge && !found) throw missing('charge', charge, 'charge', 400);
    // The documentation names no code for what was never charged.
    if (found?.status !== 'succeeded')
      throw invalidRequest(`This ${payment_intent ? 'PaymentIntent' : 'charge'} has nothing to refund.`, {
        param: payment_intent ? 'payment_intent' : 'charge',
      });
    return found;
  };

  /** A refund that has failed gives nothing back (https://docs.stripe.com/refunds#failed-refunds). */
  const book = (charge: Charge, amount: number): void => {
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
  };

  const retrieve = (id: string): Refund => {
    const refund = books.refunds.get(id);
    if (!refund) throw missing('refund', id, 'refund', 404);
    return refund;
  };

  return {
    retrieve,

    /** https://docs.stripe.com/api/refunds/create */
    create: (asked: NewRefund): Refund => {
      const charge = chargeOf(asked);
      const left = charge.amount - charge.amount_refunded;
      if (charge.refunded)
        throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
          code: 'charge_already_refunded',
        });
      if (charge.disputed)
        throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
          code: 'charge_disputed',
        });
      const amount = asked.amount ?? left;
      // The documentation names no code for more than there is left.
      if (amount > left)
        throw invalidRequest(
          `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
          {
            param: 'amount',
          },
        );
      const refund: Refund = {
        id: newId('re'),
        object: 'refund',
        amount,
        charge: charge.id,
        created: books.now(),
        currency: charge.currency,
        metadata: { ...asked.metadata },
        payment_intent: charge.payment_intent,
        reason: asked.reason ?? null,
        status:
          books.methods.get(charge.payment_method ?? '')?.refund === 'pending' ? 'pending' : 'succeeded',
      };
      books.refunds.set(refund.id, refund);
      book(charge, amount);
      books.tell('charge.refunded', charge);
      return refund;
    },

    /**
     * Not of Stripe's API: a pending refund arrives, or one fails, even one that had succeeded, as
     * `pm_card_refundFail` has it (https://docs.stripe.com/testing#refunds).
     */
    settle: (id: string, isPaid: boolean): Refund => {
      const refund = retrieve(id);
      const charge = books.charges.get(refund.charge);
      const mayFail = charge && books.methods.get(charge.payment_method ?? '')?.refund;
      if (!mayFail || refund.status === 'failed') throw new Error(`${id} is settled: it is ${refund.status}`);
      refund.status = isPaid ? 'succeeded' : 'failed';
      if (!isPaid) {
        refund.failure_reason = 'expired_or_canceled_card';
        book(charge, -refund.amount);
        books.tell('refund.failed', refund);
      }
      return refund;
    },
  };
};
