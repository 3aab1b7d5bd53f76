import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Books } from '../../../local/stripe/books.ts';
import { stripeDouble } from '../../../local/stripe/stripe.ts';

const METHODS = [
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_card_authenticationRequired',
  'pm_card_refundFail',
  'pm_usBankAccount_processing',
];

/** What is done, to which of the intents or refunds that there are, counted round. */
const act = fc.oneof(
  fc.record({ act: fc.constant('create' as const), method: fc.constantFrom(...METHODS) }),
  fc.record({
    act: fc.constantFrom('confirm' as const, 'cancel' as const, 'settle' as const, 'fail' as const),
    on: fc.nat(9),
  }),
  fc.record({ act: fc.constant('refund' as const), on: fc.nat(9), amount: fc.integer({ min: 1, max: 150 }) }),
);

const FINAL = ['succeeded', 'canceled'];

/** What must hold in the books of Stripe, whatever was asked of it. */
const check = ({ intents, charges, refunds }: Books): void => {
  for (const intent of intents.values()) {
    const paid = [...charges.values()].filter(
      ({ payment_intent, status }) => payment_intent === intent.id && status === 'succeeded',
    );
    expect(paid).toHaveLength(intent.status === 'succeeded' ? 1 : 0);
    expect(intent.amount_received).toBe(intent.status === 'succeeded' ? intent.amount : 0);
  }
  for (const charge of charges.values()) {
    const back = [...refunds.values()]
      .filter((refund) => refund.charge === charge.id && refund.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0);
    expect(charge.amount_refunded).toBe(back);
    expect(back).toBeLessThanOrEqual(charge.amount_captured);
    expect(charge.refunded).toBe(back > 0 && back === charge.amount);
  }
};

it('whatever is asked of Stripe, nothing is charged twice, and no more given back than was charged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
      const double = stripeDouble();
      const books = double.books();
      const post = (path: string, parameters: Record<string, string> = {}) =>
        double.handle({
          method: 'POST',
          url: new URL(`http://127.0.0.1/v1/${path}`),
          headers: { authorization: 'Bearer sk_test_local' },
          body: Buffer.from(`${new URLSearchParams(parameters)}`),
        });
      const ended = new Map<string, string>();
      const pick = (ids: readonly string[], on: number) => ids[on % ids.length] ?? 'none';
      /** Only a debit takes one. */
      const mandateFor = (on: number): Record<string, string> => {
        const { payment_method } = books.intents.get(pick([...books.intents.keys()], on)) ?? {};
        return books.methods.get(payment_method ?? '')?.type === 'us_bank_account'
          ? { 'mandate_data[customer_acceptance][type]': 'offline' }
          : {};
      };
      for (const asked of acts) {
        const ids = [...books.intents.keys()];
        if (asked.act === 'create')
          await post('payment_intents', { amount: '100', currency: 'usd', payment_method: asked.method });
        else if (asked.act === 'refund')
          await post('refunds', { payment_intent: pick(ids, asked.on), amount: `${asked.amount}` });
        else if (asked.act === 'confirm' || asked.act === 'cancel')
          await post(
            `payment_intents/${pick(ids, asked.on)}/${asked.act}`,
            asked.act === 'confirm' ? { return_url: 'https://shop.example', ...mandateFor(asked.on) } : {},
          );
        else
          try {
            double.settle(pick([...ids, ...books.refunds.keys()], asked.on), asked.act === 'settle');
          } catch {
            // There is nothing to settle.
          }
        check(books);
        for (const { id, status } of books.intents.values()) {
          expect(status).toBe(ended.get(id) ?? status);
          if (FINAL.includes(status)) ended.set(id, status);
        }
      }
    }),
    { numRuns: 100 },
  );
});
