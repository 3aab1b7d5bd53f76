import { missing } from './stripe-error.ts';

/** What a payment method does once it is to be charged; without any of it, it pays. */
export interface TestMethod {
  readonly type: 'card' | 'us_bank_account';
  readonly decline?: { readonly code: string; readonly decline_code?: string; readonly message: string };
  /** The customer has to authenticate first. */
  readonly asksCustomer?: true;
  /** The bank takes days to say whether it pays. */
  readonly takesDays?: true;
  /** The customer disputes the charge, as soon as it is made. */
  readonly disputes?: true;
  /** What becomes of its refunds, once they are settled; the others succeed at once. */
  readonly refund?: 'pending' | 'fails later';
}

const card = (more: Omit<TestMethod, 'type'> = {}): TestMethod => ({ type: 'card', ...more });
const bank = (): TestMethod => ({ type: 'us_bank_account', takesDays: true });
const declined = (decline_code: string, message = 'Your card was declined.'): TestMethod =>
  card({ decline: { code: 'card_declined', decline_code, message } });
const refused = (code: string, message: string): TestMethod => card({ decline: { code, message } });

const insufficientFunds = declined('insufficient_funds', 'Your card has insufficient funds.');

/**
 * Stripe's test values (https://docs.stripe.com/testing; of bank accounts
 * https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-integration).
 */
const TEST_METHODS: Readonly<Record<string, TestMethod>> = {
  pm_card_visa: card(),
  pm_card_visa_debit: card(),
  pm_card_mastercard: card(),
  pm_card_amex: card(),
  pm_card_visa_chargeDeclined: declined('generic_decline'),
  pm_card_visa_chargeDeclinedInsufficientFunds: insufficientFunds,
  pm_card_visa_chargeDeclinedLostCard: declined('lost_card'),
  pm_card_visa_chargeDeclinedStolenCard: declined('stolen_card'),
  pm_card_visa_chargeDeclinedVelocityLimitExceeded: declined('card_velocity_exceeded'),
  pm_card_chargeDeclinedExpiredCard: refused('expired_card', 'Your card has expired.'),
  pm_card_chargeDeclinedIncorrectCvc: refused('incorrect_cvc', "Your card's security code is incorrect."),
  pm_card_chargeDeclinedProcessingError: refused(
    'processing_error',
    'An error occurred while processing your card.',
  ),
  // The older names.
  pm_card_chargeDeclined: declined('generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: insufficientFunds,
  pm_card_authenticationRequired: card({ asksCustomer: true }),
  pm_card_threeDSecure2Required: card({ asksCustomer: true }),
  pm_card_threeDSecureRequired: card({ asksCustomer: true }),
  pm_card_createDispute: card({ disputes: true }),
  pm_card_pendingRefund: card({ refund: 'pending' }),
  pm_card_refundFail: card({ refund: 'fails later' }),
  pm_usBankAccount_success: bank(),
  pm_usBankAccount_processing: bank(),
};

/** @throws StripeError where it is none of Stripe's test values */
export const testMethod = (id: string): TestMethod => {
  const method = Object.hasOwn(TEST_METHODS, id) ? TEST_METHODS[id] : undefined;
  if (!method) throw missing('PaymentMethod', id, 'payment_method', 400);
  return method;
};
