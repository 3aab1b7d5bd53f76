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

/** The provider will not do what it was asked for, and no other attempt changes that. It has done nothing of it. */
export class PaymentRequestRefusedError extends Error {
  override readonly name = 'PaymentRequestRefusedError';
  constructor(orderId: string, why: string) {
    super(`the payment provider refuses what it was asked for order ${orderId}: ${why}`);
  }
}
