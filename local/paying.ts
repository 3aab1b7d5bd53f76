import { AUTHENTICATION_PATH } from './stripe/authentication.ts';

/** What the console offers to pay with: a provider's test values, and what each leads to. */
export interface Paying {
  readonly methods: Readonly<Record<string, string>>;
  /** The one of them that is declined. */
  readonly declined: string;
  /** Where a customer authenticates, by `?client_secret=`; absent where the provider never asks for that. */
  readonly authentication?: string;
}

export const BY_SANDBOX: Paying = {
  methods: {
    pm_card_visa: 'a card that works',
    pm_card_declined: 'a card that is declined',
    pm_card_unavailable: 'the provider does not answer',
  },
  declined: 'pm_card_declined',
};

export const BY_STRIPE: Paying = {
  methods: {
    pm_card_visa: 'a card that works',
    pm_card_visa_chargeDeclined: 'a card that is declined',
    pm_card_authenticationRequired: 'its owner has to authenticate',
    pm_card_threeDSecureRequiredChargeDeclined: 'the same, and then it is declined',
    pm_success_de: 'a debit that the bank pays',
    pm_failed_de: 'a debit that the bank does not pay',
    pm_successDelayed_de: 'a debit that takes its time',
    pm_card_refundFail: 'a card whose refund fails later',
  },
  declined: 'pm_card_visa_chargeDeclined',
  authentication: AUTHENTICATION_PATH,
};
