/** What the provider calls a charge that succeeded. */
export interface Charge {
  readonly chargeId: string;
}

export interface ChargeRequest {
  readonly orderId: string;
  /** Minor units (cents) of `currency`. */
  readonly amountCents: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** The idempotency keys by which the provider knows our calls. */
export const chargeKey = (orderId: string) => `${orderId}#charge`;
export const refundKey = (orderId: string) => `${orderId}#refund`;

/**
 * Port: whoever moves the money. Every call may be repeated, at any time, in any order. The message of an error is logged,
 * and kept in the ledger and in the execution's history, where nothing can be erased: it must not quote the payment
 * method.
 */
export interface PaymentProvider {
  /**
   * Charges once per order (key `<orderId>#charge`); a repeat returns the first charge.
   * @throws PaymentDeclinedError, PaymentProviderUnavailableError, OrderAlreadyCancelledError once refunded
   */
  readonly charge: (request: ChargeRequest) => Promise<Charge>;
  /**
   * Gives back all that the order was charged, once (key `<orderId>#refund`), and closes the charge's key: a charge that
   * is still under way will be refused. It succeeds also where nothing was charged, or where the key is closed already:
   * then what was charged under it has been given back, or settled by hand.
   * @throws PaymentProviderUnavailableError
   */
  readonly refund: (orderId: string) => Promise<void>;
  /**
   * Closes the charge's key and gives nothing back: what was charged has been settled by hand.
   * @throws PaymentProviderUnavailableError
   */
  readonly close: (orderId: string) => Promise<void>;
}
