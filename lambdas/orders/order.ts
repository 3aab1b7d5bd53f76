import { type Outcome, shardOf } from '../runtime/outcome.ts';
import type { Resolution } from '../runtime/undo-task.ts';

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  /** Minor units (cents) of the order's currency, for one piece. */
  readonly unitPriceCents: number;
}

/**
 * An order as it was placed: written once, before its workflow starts, and what the workflow is started with. Who ordered
 * it, where it goes and how it is paid for is not in it (`personal-data.ts`).
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

/** That the order waits for an operator, and for what: written by `park-order`. */
export interface Parking {
  /** Where the workflow waits: `ParkUndo`, `ParkConfirmation`, `ParkKeeping`, `ParkCancellation`; `Recovery` where it has ended. */
  readonly state: string;
  /** The name of the error that would not pass. */
  readonly error: string;
  /** What wakes the workflow; none where it has ended. */
  readonly token?: string;
  /** Of `Recovery`: everybody was told. A workflow that waits has told it, or is tried again. */
  readonly isTold?: boolean;
  readonly resolutions: Readonly<Record<string, Resolution>>;
}

/** One attempt of a workflow to have an order wait: of two the later one counts, whichever is written last. */
export interface Wait {
  /** When its state was entered, or when its execution has ended (RFC 3339, UTC): tells one parking from the next. */
  readonly parkedAt: string;
  /** How often the state was tried again before. */
  readonly retries: number;
}

/** An operator lets the order go on: written by `resume-order`, before it does. */
export interface Resumption {
  /** Where it had been waiting. */
  readonly state: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Who it was: the identity that the authorizer has checked. */
  readonly by: string;
  /** What was settled by hand, by the undo's state name; why it is kept, by `KeepShipment`. */
  readonly notes: Readonly<Record<string, string>>;
  /** Whether it took effect is not known: another may try. */
  readonly isInDoubt?: boolean;
}

export interface OrderRecord extends PlacedOrder {
  /** Tells the same request from another one under the same idempotency key; gone with the personal data. */
  readonly requestHash?: string;
  /** Its personal data is gone: since when, and by whom. */
  readonly erased?: { readonly at: string; readonly by: string };
  readonly outcome?: Outcome;
  /** That its cancellation was asked for, when it had been confirmed, and by whom. */
  readonly cancelling?: { readonly at: string; readonly by: string };
  /** RFC 3339, UTC; there while it has not ended, or is being cancelled. */
  readonly openSince?: string;
  /**
   * RFC 3339, UTC: when `reconcile-orders` looked at it last, at first when it was opened; there while it is open: the
   * index `open` holds just those, who has waited longest first.
   */
  readonly lookedAt?: string;
  /** Which part of the indexes `open`, `parked` and `byTime` is its. */
  readonly shard?: string;
  /** Which part of the index `byOutcome` is its; there once it has ended. */
  readonly outcomeShard?: string;
  /** RFC 3339, UTC; there while it is parked: the index `parked` holds just those. */
  readonly parkedAt?: string;
  readonly parking?: Parking;
  /** The latest wait that there was, whether or not the order still waits. */
  readonly lastWait?: string;
  /** That someone should look at it, and why: written by the listener `flag-for-review`. `since` is RFC 3339, UTC. */
  readonly review?: { readonly signals: readonly string[]; readonly since: string };
  /** By the `parkedAt` of the wait that each ends, whatever clock it was made by; absent where it has never been parked. */
  readonly resumptions?: Readonly<Record<string, Resumption>>;
}

/** What opens an order at its placement: it waits for its first look from then on. */
export const openedAt = (orderId: string, at: string) => ({
  openSince: at,
  lookedAt: at,
  shard: shardOf(orderId),
});
