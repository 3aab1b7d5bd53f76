import { missing } from './stripe-error.ts';

/** What a payment method does once it is to be charged; without any of it, it pays. */
export interface TestMethod {
  readonly type: 'card' | 'sepa_debit' | 'us_bank_account';
  readonly decline?: { readonly code: string; readonly decline_code?: string; readonly message: string };
  /** The customer has to authenticate first: then it pays, or declines. */
  readonly asksCustomer?: true;
  /** Of a debit: when the bank says whether it pays, in milliseconds; never by itself without. */
  readonly settlesMs?: number;
  /** The customer disputes the charge, as soon as it is made. */
  readonly disputes?: true;
  /** What becomes of its refunds, once they are settled; the others succeed at once. */
  readonly refund?: 'pending' | 'fails later';
}

const card = (more: Omit<TestMethod, 'type'> = {}): TestMethod => ({ type: 'card', ...more });
const declined = (decline_code: string, message = 'Your card was declined.'): TestMethod =>
  card({ decline: { code: 'card_declined', decline_code, message } });
const refused = (code: string, message: string): TestMethod => card({ decline: { code, message } });

/** "Transitions from processing to succeeded": how soon is not said. */
const SOON_MS = 1_000;
/** "After at least three minutes". */
const DELAYED_MS = 3 * 60 * 1_000;
const debit =
  (type: 'sepa_debit' | 'us_bank_account') =>
  (failed?: string, more: Pick<TestMethod, 'settlesMs' | 'disputes'> = {}): TestMethod => ({
    type,
    settlesMs: SOON_MS,
    ...(failed && { decline: { code: failed, message: 'The bank did not pay.' } }),
    ...more,
  });
const sepa = debit('sepa_debit');
const ach = debit('us_bank_account');

const insufficientFunds = declined('insufficient_funds', 'Your card has insufficient funds.');

/**
 * Stripe's test values (https://docs.stripe.com/testing; of bank accounts
 * https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-integration and
 * https://docs.stripe.com/payments/sepa-debit/accept-a-payment#test-integration, those of Germany). By which code a debit
 * fails is documented for some; for the others it is the nearest of https://docs.stripe.com/error-codes.
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
  pm_card_threeDSecureRequiredChargeDeclined: { ...declined('generic_decline'), asksCustomer: true },
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: { ...insufficientFunds, asksCustomer: true },
  pm_card_createDispute: card({ disputes: true }),
  pm_card_pendingRefund: card({ refund: 'pending' }),
  pm_card_refundFail: card({ refund: 'fails later' }),
  pm_success_de: sepa(),
  pm_successDelayed_de: sepa(undefined, { settlesMs: DELAYED_MS }),
  pm_failed_de: sepa('payment_method_provider_decline'),
  pm_failedDelayed_de: sepa('payment_method_provider_decline', { settlesMs: DELAYED_MS }),
  pm_insufficientFunds_de: sepa('insufficient_funds'),
  pm_disputed_de: sepa(undefined, { disputes: true }),
  pm_usBankAccount_success: ach(),
  pm_usBankAccount_accountClosed: ach('account_closed'),
  pm_usBankAccount_noAccount: ach('no_account'),
  pm_usBankAccount_insufficientFunds: ach('insufficient_funds'),
  pm_usBankAccount_debitNotAuthorized: ach('debit_not_authorized'),
  pm_usBankAccount_dispute: ach(undefined, { disputes: true }),
  pm_usBankAccount_processing: { type: 'us_bank_account' },
};

/** @throws StripeError where it is none of Stripe's test values */
export const testMethod = (id: string): TestMethod => {
  const method = Object.hasOwn(TEST_METHODS, id) ? TEST_METHODS[id] : undefined;
  if (!method) throw missing('PaymentMethod', id, 'payment_method', 400);
  return method;
};
