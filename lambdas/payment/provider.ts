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

/** What a customer is to do so that a charge goes through: with the provider's own library, or at an address. */
export type NextAction = { readonly clientSecret: string } | { readonly url: string };

/** By whom a charge that was committed is still awaited. */
export type Awaited =
  | { readonly by: 'nobody' }
  | { readonly by: 'bank' }
  | { readonly by: 'customer'; readonly nextAction: NextAction };

/** That something has happened to a charge, says the provider: a reason to look, and no more. */
export interface PaymentNotice {
  readonly orderId: string;
  readonly intentId: string;
  /** It is about what was given back of it. */
  readonly isOfRefund: boolean;
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
   * @param isRepeat it may have been committed before: what awaits its customer, or a bank, is not begun anew
   * @throws PaymentDeclinedError, PaymentProviderUnavailableError, OrderAlreadyCancelledError once it is undone or closed;
   * PaymentActionRequiredError, PaymentPendingError as long as it is awaited
   */
  readonly commit: (prepared: PreparedCharge, isRepeat: boolean) => Promise<Charge>;
  /**
   * How a charge that was committed stands; it changes nothing.
   * @throws PaymentProviderUnavailableError
   */
  readonly awaited: (prepared: PreparedCharge) => Promise<Awaited>;
  /**
   * Cancels what was prepared, so that it can't be charged any more; where it was, gives it all back, once.
   * @throws PaymentProviderUnavailableError
   */
  readonly undo: (prepared: PreparedCharge) => Promise<void>;
  /**
   * Whether the customer has it all back, or has never paid. What was given back may come back, days later.
   * @throws PaymentProviderUnavailableError
   */
  readonly isGivenBack: (prepared: PreparedCharge) => Promise<boolean>;
  /**
   * Cancels what was prepared; where it was charged, leaves it to whoever has settled it by hand.
   * @throws PaymentProviderUnavailableError
   */
  readonly close: (prepared: PreparedCharge) => Promise<void>;
  /**
   * What a request to the webhook tells of. It may come late, twice, out of order, or never.
   * @param headers by their names in lower case
   * @param rawBody as it was sent, byte by byte: the signature is over it
   * @returns undefined where it is about something else
   * @throws NotFromProviderError
   */
  readonly noticeOf: (
    headers: Readonly<Record<string, string | undefined>>,
    rawBody: string,
  ) => Promise<PaymentNotice | undefined>;
}
