/** What a state does, in the words of the shop. */
export interface Words {
  /** Once it has gone through. */
  readonly done: string;
  /** Where it has not. */
  readonly failed: string;
  /** While it lasts. */
  readonly doing: string;
}

/** A business error: by it a step proves that it had no effect. */
export interface Refusal {
  /** What a customer reads of an order that ended so. */
  readonly message: string;
  /** It comes of the customer, their bank or the stock, and is no reason for an alarm. */
  readonly isExpected: boolean;
}

/** A state in which a step's outcome is awaited that others decide. Then the step is done again, which tells the outcome. */
export interface Wait {
  readonly state: string;
  /** Who decides. */
  readonly by: 'customer' | 'bank';
  /** What a customer reads of it. */
  readonly message: string;
  readonly words: Words;
}

/** A forward step of the saga. Its name is that of its state, its function and its construct. */
export interface Step {
  readonly words: Words;
  /** What the machine hands to it, beside `orderId` and `correlationId`. */
  readonly takes: readonly string[];
  readonly refusals: Readonly<Record<string, Refusal>>;
  /** Its outside did not answer: tried again, and undone where that does not help. What a customer reads then. */
  readonly unavailable: Readonly<Record<string, string>>;
  /** By the errors that say so: it is not decided yet, and what there is of it can be undone as always. */
  readonly waits?: Readonly<Record<string, Wait>>;
  /** The state that a wait comes to which is over without an outcome; the step is undone then. */
  readonly expiry?: Refusal & { readonly state: string; readonly words: Words };
  readonly undo: {
    readonly name: string;
    readonly words: Words;
    /** What no second try changes: it is not tried again, and the order parks. */
    readonly hopeless: readonly string[];
    /** What it has done, where nobody knows whether the step had any effect. */
    readonly perhaps: string;
  };
}

/**
 * The saga: its steps in the order in which they run, and what there is to say of each. The definition
 * (`statemachines/order-fulfillment.asl.json`) says how they hang together, and is held to this by a test.
 */
export const STEPS = {
  ChargePayment: {
    words: {
      done: 'payment charged',
      failed: 'the payment was not charged',
      doing: 'charging the payment',
    },
    takes: ['totalCents', 'currency'],
    refusals: { PaymentDeclinedError: { message: 'The payment was declined.', isExpected: true } },
    unavailable: { PaymentProviderUnavailableError: 'The payment provider could not be reached.' },
    waits: {
      PaymentActionRequiredError: {
        state: 'AwaitPayment',
        by: 'customer',
        message: 'The payment has to be confirmed.',
        words: {
          done: 'heard of the payment',
          failed: 'the customer did not confirm the payment',
          doing: 'waiting for the customer to confirm the payment',
        },
      },
      PaymentPendingError: {
        state: 'AwaitDebit',
        by: 'bank',
        message: 'The bank has not debited the account yet.',
        words: {
          done: 'heard of the debit',
          failed: 'the bank did not answer',
          doing: 'waiting for the bank to debit the account',
        },
      },
    },
    expiry: {
      state: 'PaymentExpired',
      message: 'The payment was not completed in time.',
      isExpected: true,
      words: { done: 'the payment was not completed in time', failed: '', doing: '' },
    },
    undo: {
      name: 'RefundPayment',
      words: {
        done: 'money back',
        failed: 'the money could not be given back',
        doing: 'giving the money back',
      },
      hopeless: [],
      perhaps: 'money back, if it was charged',
    },
  },
  ReserveInventory: {
    words: {
      done: 'stock reserved',
      failed: 'the stock was not reserved',
      doing: 'reserving the stock',
    },
    takes: ['items'],
    refusals: {
      OutOfStockError: { message: 'Not everything that was ordered is in stock.', isExpected: true },
    },
    unavailable: { InventoryUnavailableError: 'The stock could not be reached.' },
    undo: {
      name: 'ReleaseInventory',
      words: {
        done: 'stock back on the shelf',
        failed: 'the stock could not be put back on the shelf',
        doing: 'putting the stock back on the shelf',
      },
      hopeless: ['StockMissingError'],
      perhaps: 'stock back on the shelf, if it was reserved',
    },
  },
  CreateShipment: {
    words: {
      done: 'parcel booked',
      failed: 'the parcel was not booked',
      doing: 'booking the parcel',
    },
    takes: ['items'],
    refusals: {
      AddressUndeliverableError: {
        message: 'The carrier does not deliver to this address.',
        isExpected: true,
      },
    },
    unavailable: { CarrierUnavailableError: 'The carrier could not be reached.' },
    undo: {
      name: 'CancelShipment',
      words: {
        done: 'parcel cancelled',
        failed: 'the parcel could not be cancelled',
        doing: 'cancelling the parcel',
      },
      hopeless: ['ShipmentDispatchedError'],
      perhaps: 'parcel cancelled, if there was one',
    },
  },
} as const satisfies Readonly<Record<string, Step>>;

export type StepName = keyof typeof STEPS;
export type UndoName = (typeof STEPS)[StepName]['undo']['name'];

export const STEP_NAMES = Object.keys(STEPS) as readonly StepName[];

/** Every wait, by its state. */
export const WAITS: ReadonlyMap<string, Wait> = new Map(
  Object.values<Step>(STEPS).flatMap(({ waits = {} }) =>
    Object.values(waits).map((wait) => [wait.state, wait]),
  ),
);
/** The undo chain, in the order in which it runs. */
export const UNDOS: readonly UndoName[] = STEP_NAMES.map((step) => STEPS[step].undo.name).reverse();

export const FIRST_UNDO = UNDOS[0] as UndoName;

/** Instead of the chain: the state by which an order is kept whose parcel had left when it was to be undone. */
export const KEEP = 'KeepShipment';
