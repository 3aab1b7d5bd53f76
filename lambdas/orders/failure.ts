/** The undo chain, in the order in which it runs. */
export const UNDOS = ['CancelShipment', 'ReleaseInventory', 'RefundPayment'] as const;

/** Instead of the chain: the state by which an order is kept whose parcel had left when it was to be undone. */
export const KEEP = 'KeepShipment';

/** Why an order did not go through: the error's name for programs, a sentence for people. */
export interface Failure {
  readonly error: string;
  readonly message: string;
}

interface KnownFailure {
  readonly message: string;
  /** The undos that it leads to, where the name alone tells which step it befell. */
  readonly undone?: readonly string[];
}

const KNOWN: ReadonlyMap<string, KnownFailure> = new Map(
  Object.entries<KnownFailure>({
    PaymentDeclinedError: { message: 'The payment was declined.', undone: [] },
    PaymentProviderUnavailableError: {
      message: 'The payment provider could not be reached.',
      undone: UNDOS.slice(2),
    },
    OutOfStockError: { message: 'Not everything that was ordered is in stock.', undone: UNDOS.slice(2) },
    InventoryUnavailableError: { message: 'The stock could not be reached.', undone: UNDOS.slice(1) },
    AddressUndeliverableError: {
      message: 'The carrier does not deliver to this address.',
      undone: UNDOS.slice(1),
    },
    CarrierUnavailableError: { message: 'The carrier could not be reached.', undone: UNDOS },
    CancelledByCustomer: { message: 'The customer has cancelled the order.', undone: UNDOS },
    CancelledByOperator: { message: 'An operator has cancelled the order.', undone: UNDOS },
    ShipmentDispatchedError: { message: 'The parcel has already left.' },
    ExecutionAborted: { message: 'The workflow was ended from outside.' },
    'States.Timeout': { message: 'A step did not answer in time.' },
  }),
);

/** Whether the API promises this name: any other is whatever an exception, or AWS, was called. */
export const isKnown = (error: string): boolean => KNOWN.has(error);

export const failureBy = (error: string): Failure => ({
  error,
  message: KNOWN.get(error)?.message ?? 'A step failed for a technical reason.',
});

/** The undos that have run for an order that was cancelled for this; undefined where its name does not tell. */
export const undoneFor = (error: string): readonly string[] | undefined => KNOWN.get(error)?.undone;
