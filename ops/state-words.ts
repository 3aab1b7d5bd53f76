interface StateWords {
  /** Once it has gone through. */
  readonly done: string;
  /** Where it has not. */
  readonly failed: string;
  /** While it lasts. */
  readonly doing: string;
  /** Of an undo: the step that it undoes, and what it says where nobody knows whether that had any effect. */
  readonly undoes?: { readonly step: string; readonly perhaps: string };
}

/** What the workflow's states do, in the words of the shop. */
const WORDS: ReadonlyMap<string, StateWords> = new Map(
  Object.entries<StateWords>({
    ChargePayment: {
      done: 'payment charged',
      failed: 'the payment was not charged',
      doing: 'charging the payment',
    },
    ReserveInventory: {
      done: 'stock reserved',
      failed: 'the stock was not reserved',
      doing: 'reserving the stock',
    },
    CreateShipment: {
      done: 'parcel booked',
      failed: 'the parcel was not booked',
      doing: 'booking the parcel',
    },
    PublishOrderConfirmed: {
      done: 'order confirmed',
      failed: 'nobody could be told that the order is confirmed',
      doing: 'telling that the order is confirmed',
    },
    CancelShipment: {
      done: 'parcel cancelled',
      failed: 'the parcel could not be cancelled',
      doing: 'cancelling the parcel',
      undoes: { step: 'CreateShipment', perhaps: 'parcel cancelled, if there was one' },
    },
    ReleaseInventory: {
      done: 'stock back on the shelf',
      failed: 'the stock could not be put back on the shelf',
      doing: 'putting the stock back on the shelf',
      undoes: { step: 'ReserveInventory', perhaps: 'stock back on the shelf, if it was reserved' },
    },
    RefundPayment: {
      done: 'money back',
      failed: 'the money could not be given back',
      doing: 'giving the money back',
      undoes: { step: 'ChargePayment', perhaps: 'money back, if it was charged' },
    },
    KeepShipment: {
      done: 'order kept: the parcel is on its way',
      failed: 'the order could not be kept',
      doing: 'keeping the order',
    },
    PublishOrderKept: {
      done: 'order confirmed as before: nothing is undone',
      failed: 'nobody could be told that the order is kept',
      doing: 'telling that the order is kept',
    },
    RetryUndo: { done: 'the undo begins anew', failed: '', doing: '' },
    PublishOrderCancelled: {
      done: 'order cancelled: everything is undone',
      failed: 'nobody could be told that the order is cancelled',
      doing: 'telling that the order is cancelled',
    },
  }),
);

/** A state that is not in the list is told by its name. */
export const wordsFor = (state: string): StateWords =>
  WORDS.get(state) ?? { done: `${state} done`, failed: `${state} failed`, doing: `${state} is under way` };

/** The undo of a step; undefined where it has none. */
export const undoOf = (step: string): string | undefined =>
  [...WORDS].find(([, { undoes }]) => undoes?.step === step)?.[0];
