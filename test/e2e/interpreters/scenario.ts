import type { Fault } from '../../../local/faults/faults.ts';
import type { DifferenceName } from './differences.ts';

/** What can be done to an order from outside. */
export interface Hands {
  /** @throws Error with the answer, where it says no */
  readonly post: (path: string, body: object) => Promise<void>;
  /** Ends its execution. */
  readonly stop: (orderId: string) => Promise<void>;
  /** Undoes it as its customer's cancellation does, but without asking first whether the parcel has left. */
  readonly startCancellation: (orderId: string) => Promise<void>;
}

/** What is done to an order that has come to rest. */
export type Act = (stack: Hands, orderId: string) => Promise<void>;

export interface Scenario {
  readonly what: string;
  /** What is other than in `examples/order.json`. */
  readonly wish?: { readonly [field: string]: unknown; readonly postalCode?: string };
  readonly faults?: readonly Omit<Fault, 'orderId'>[];
  /** The statuses that the order comes to, and what is done then. */
  readonly comesTo: readonly (readonly [status: string, act?: Act])[];
  /** In what the other interpreter differs, and why. */
  readonly except?: readonly DifferenceName[];
}
