/** Why an order did not go through: the error's name for programs, a sentence for people. */
export interface Failure {
  readonly error: string;
  readonly message: string;
}

const MESSAGES: Readonly<Record<string, string>> = {
  PaymentDeclinedError: 'The payment was declined.',
  PaymentProviderUnavailableError: 'The payment provider could not be reached.',
  OutOfStockError: 'Not everything that was ordered is in stock.',
  InventoryUnavailableError: 'The stock could not be reached.',
  AddressUndeliverableError: 'The carrier does not deliver to this address.',
  CarrierUnavailableError: 'The carrier could not be reached.',
  CancelledByCustomer: 'The customer has cancelled the order.',
  ShipmentDispatchedError: 'The parcel has already left.',
  'States.Timeout': 'A step did not answer in time.',
};

export const failureBy = (error: string): Failure => ({
  error,
  message: MESSAGES[error] ?? 'A step failed for a technical reason.',
});
