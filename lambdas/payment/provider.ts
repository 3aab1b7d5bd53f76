/** What the provider calls a charge that succeeded. */
export interface Charge {
  readonly chargeId: string;
}

export interface ChargeRequest {
  readonly orderId: string;
  readonly correlationId: string;
  /** Minor units (cents) of `currency`. */
  readonly amountCents: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** A charge that was prepared, and costs nothing as long as it is not committed. */
export interface PreparedCharge {
  readonly orderId: string;
  readonly intentId: string;
}

/**
 * Port: whoever moves the money. Every call may be repeated, at any time, in any order. The message of an error is logged,
 * and kept in the ledger and in the execution's history, where nothing can be erased: it must not quote the payment
 * method.
 */
export interface PaymentProvider {
  /**
   * Prepares a charge, each time another one.
   * @returns its `intentId`
   * @throws PaymentDeclinedError, PaymentProviderUnavailableError
   */
  readonly prepare: (request: ChargeRequest) => Promise<string>;
  /**
   * Charges what was prepared, once; a repeat returns that charge.
   * @throws PaymentDeclinedError, PaymentProviderUnavailableError, OrderAlreadyCancelledError once it is undone or closed
   */
  readonly commit: (prepared: PreparedCharge) => Promise<Charge>;
  /**
   * Cancels what was prepared, so that it can't be charged any more; where it was, gives it all back, once.
   * @throws PaymentProviderUnavailableError
   */
  readonly undo: (prepared: PreparedCharge) => Promise<void>;
  /**
   * Cancels what was prepared; where it was charged, leaves it to whoever has settled it by hand.
   * @throws PaymentProviderUnavailableError
   */
  readonly close: (prepared: PreparedCharge) => Promise<void>;
}
