import { expect, it } from '@jest/globals';
import { stripeAmount } from '../../../lambdas/payment/stripe-amount.ts';

it.each([
  ['EUR', 2500, 2500],
  ['JPY', 500, 500],
  ['KWD', 5124, 5120],
  ['KWD', 5125, 5130],
  // Node knows of no decimals of it; Stripe wants two.
  ['ISK', 5, 500],
])('of %s, %d are %d to Stripe', (currency, amountCents, amount) => {
  expect(stripeAmount(amountCents, currency)).toBe(amount);
});

it('is not guessed where Stripe’s own page says two things', () => {
  expect(() => stripeAmount(500, 'UGX')).toThrow('Stripe is not asked for UGX');
});
