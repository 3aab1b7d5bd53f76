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
 * Port: whoever moves the money. Every call may be repeated at will, at any time, in any order. What an error says is
 * logged, and lies in the ledger and the execution's history, where nothing can be erased: it does not quote the payment
 * method.
 */
export interface PaymentProvider {
  /**
   * Charges once per order (key `<orderId>#charge`); a repeat returns the first charge.
   * @throws PaymentDeclinedError, PaymentProviderUnavailableError, OrderAlreadyCancelledError once refunded
   */
  readonly charge: (request: ChargeRequest) => Promise<Charge>;
  /**
   * Gives back all that the order was charged, once (key `<orderId>#refund`), and closes the charge's key: a charge
   * still on its way will be refused. Nothing charged is success, and so is a key that is closed already: what was charged
   * under it has been given back, or settled by hand.
   * @throws PaymentProviderUnavailableError
   */
  readonly refund: (orderId: string) => Promise<void>;
  /**
   * Closes the charge's key and gives nothing back: what was charged has been settled by hand.
   * @throws PaymentProviderUnavailableError
   */
  readonly close: (orderId: string) => Promise<void>;
}
