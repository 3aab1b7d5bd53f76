import { type Outcome, shardOf } from '../runtime/outcome.ts';
import type { Resolution } from '../runtime/undo-task.ts';

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  /** Minor units (cents) of the order's currency, for one piece. */
  readonly unitPriceCents: number;
}

/**
 * An order as it was placed: written once, before its workflow starts, and that workflow's input. It holds no name,
 * address or payment method (`personal-data.ts`).
 */
export interface PlacedOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly correlationId: string;
  readonly items: readonly OrderLine[];
  readonly totalCents: number;
  readonly currency: string;
  /** RFC 3339, UTC. */
  readonly placedAt: string;
}

/** What a parked order waits for; written by `park-order`. */
export interface Parking {
  /** Where the workflow waits: `ParkUndo`, `ParkConfirmation`, `ParkKeeping`, `ParkCancellation`; `Recovery` where it has ended. */
  readonly state: string;
  /** The name of the error that persisted. */
  readonly error: string;
  /** Wakes the workflow; absent where it has ended. */
  readonly token?: string;
  /** For `Recovery` only: the wait has been published. (A waiting workflow has published it before, or is retried.) */
  readonly isTold?: boolean;
  readonly resolutions: Readonly<Record<string, Resolution>>;
}

/** One attempt of a workflow to park an order. The latest wait counts, even if an earlier one is written after it. */
export interface Wait {
  /** When the state was entered, or the execution ended (RFC 3339, UTC): it identifies the wait. */
  readonly parkedAt: string;
  /** How often the state had been retried by then. */
  readonly retries: number;
}

/** An operator's word that the order is to go on; written by `resume-order` before it acts on it. */
export interface Resumption {
  /** Where it had been waiting. */
  readonly state: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Who it was: the identity that the authorizer has checked. */
  readonly by: string;
  /** Notes: by the undo's state name, how it was settled by hand; by `KeepShipment`, why the order is kept. */
  readonly notes: Readonly<Record<string, string>>;
  /** It may or may not have taken effect, so another operator may try. */
  readonly isInDoubt?: boolean;
}

export interface OrderRecord extends PlacedOrder {
  /** Tells a repeated request from another one under the same idempotency key; erased with the personal data. */
  readonly requestHash?: string;
  /** When its personal data was erased, and by whom. */
  readonly erased?: { readonly at: string; readonly by: string };
  readonly outcome?: Outcome;
  /** When and by whom its cancellation was asked for, after it had been confirmed. */
  readonly cancelling?: { readonly at: string; readonly by: string };
  /** RFC 3339, UTC; set while the order has not ended, or is being cancelled. */
  readonly openSince?: string;
  /**
   * RFC 3339, UTC: when `reconcile-orders` last looked at it, or when it was opened. Set while the order is open: the
   * index `open` holds exactly those, longest wait first.
   */
  readonly lookedAt?: string;
  /** The state in which its workflow waited for others (`saga/steps.ts`) when `reconcile-orders` last looked at it. */
  readonly awaits?: string;
  /** Its shard in the indexes `open`, `parked` and `byTime`. */
  readonly shard?: string;
  /** Its partition of the index `byOutcome`; set once it has ended. */
  readonly outcomeShard?: string;
  /** RFC 3339, UTC; set while it is parked: the index `parked` holds exactly those. */
  readonly parkedAt?: string;
  readonly parking?: Parking;
  /** The latest wait, whether or not the order still waits. */
  readonly lastWait?: string;
  /** Why someone should look at it; written by the listener `flag-for-review`. `since` is RFC 3339, UTC. */
  readonly review?: { readonly signals: readonly string[]; readonly since: string };
  /** By the `parkedAt` of the wait that each one ends; absent if the order has never been parked. */
  readonly resumptions?: Readonly<Record<string, Resumption>>;
}

/** The attributes that open an order when it is placed, as if it had just been looked at. */
export const openedAt = (orderId: string, at: string) => ({
  openSince: at,
  lookedAt: at,
  shard: shardOf(orderId),
});
