/** The provider refused the charge for good. Nothing has been charged, and nothing will be. */
export class PaymentDeclinedError extends Error {
  override readonly name = 'PaymentDeclinedError';
  readonly reason: string;
  constructor(orderId: string, reason: string) {
    super(`payment of order ${orderId} declined: ${reason}`);
    this.reason = reason;
  }
}

/** The provider could not be asked, or did not answer: the charge may or may not have happened. Worth a retry. */
export class PaymentProviderUnavailableError extends Error {
  override readonly name = 'PaymentProviderUnavailableError';
  constructor(orderId: string) {
    super(`the payment provider did not answer for order ${orderId}`);
  }
}

/**
 * The customer has to act (3-D Secure), or the charge does not go through. Nothing is charged yet, and no retry changes
 * that; as soon as they have acted it may be, whoever hears of it.
 */
export class PaymentActionRequiredError extends Error {
  override readonly name = 'PaymentActionRequiredError';
  constructor(orderId: string) {
    super(`the payment of order ${orderId} needs its customer`);
  }
}

/** The customer's bank takes its time (a debit). The charge may go through days later, or fail; no retry changes that. */
export class PaymentPendingError extends Error {
  override readonly name = 'PaymentPendingError';
  constructor(orderId: string) {
    super(`the payment of order ${orderId} is with the customer's bank`);
  }
}

/** Not signed by the payment provider, or too long ago: whatever it says, nobody has said it. */
export class NotFromProviderError extends Error {
  override readonly name = 'NotFromProviderError';
  constructor() {
    super('not signed by the payment provider, or too long ago');
  }
}

/** The provider will not do what it was asked for, and no other attempt changes that. It has done nothing of it. */
export class PaymentRequestRefusedError extends Error {
  override readonly name = 'PaymentRequestRefusedError';
  constructor(orderId: string, why: string) {
    super(`the payment provider refuses what it was asked for order ${orderId}: ${why}`);
  }
}
