/**
 * The saga as the proof knows it: written down a second time, on purpose, so that a change of the definition that
 * nobody meant is a difference between the two.
 */

/** What a customer's order is to come to, by itself: the magic values of the sandboxes see to it. */
export type Wish = 'happy' | 'declined' | 'out of stock' | 'undeliverable';
export const WISHES: readonly Wish[] = ['happy', 'declined', 'out of stock', 'undeliverable'];

/** A forward step: the business error by which it refuses, and where the undo begins then, or where it fails otherwise. */
export interface Step {
  readonly refuses: Wish;
  readonly refusal: string;
  readonly undoneFrom: string;
  readonly undoneBefore: string;
}

export const STEPS: Readonly<Record<string, Step>> = {
  ChargePayment: {
    refuses: 'declined',
    refusal: 'PaymentDeclinedError',
    undoneFrom: 'RefundPayment',
    undoneBefore: 'PublishOrderCancelled',
  },
  ReserveInventory: {
    refuses: 'out of stock',
    refusal: 'OutOfStockError',
    undoneFrom: 'ReleaseInventory',
    undoneBefore: 'RefundPayment',
  },
  CreateShipment: {
    refuses: 'undeliverable',
    refusal: 'AddressUndeliverableError',
    undoneFrom: 'CancelShipment',
    undoneBefore: 'ReleaseInventory',
  },
};
export const FORWARD = ['ChargePayment', 'ReserveInventory', 'CreateShipment', 'PublishOrderConfirmed'];
/** In the order in which they run, down to the clean end. */
export const UNDO = [
  'CancelShipment',
  'ReleaseInventory',
  'RefundPayment',
  'PublishOrderCancelled',
  'OrderCancelled',
];
export const PUBLICATIONS = ['PublishOrderConfirmed', 'PublishOrderCancelled'];
export const PARKINGS = ['ParkConfirmation', 'ParkUndo', 'ParkCancellation'];
/** Where an order goes instead of its undo that an operator keeps, as its parcel has left. */
export const KEEPING = ['KeepShipment', 'PublishOrderKept', 'ParkKeeping'];

/** Stands between the tasks of one workflow and those of the next, which goes on with an order whose first was ended. */
export const NEXT_WORKFLOW = 'next workflow';

/** How many calls of AWS a handler makes, at most: a fault may strike before each of them, and after the last. */
export const CALLS: Readonly<Record<string, number>> = {
  ChargePayment: 5,
  ReserveInventory: 1,
  CreateShipment: 5,
  CancelShipment: 4,
  ReleaseInventory: 2,
  RefundPayment: 4,
};

/** How often a state is tried. */
export const attemptsOf = (state: string): number => (STEPS[state] ? 5 : 11);
