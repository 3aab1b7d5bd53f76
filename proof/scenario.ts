import type { CallFaultKind } from '../local/faults/calls.ts';
import type { StripeFault } from '../local/stripe/faults.ts';
import type { Wish } from '../testbed/wishes.ts';
import type { Act } from './acts.ts';
import type { PlannedFault } from './plan.ts';

/**
 * An order's life: what its customer wants, which faults hit its tasks, and what people do with it, one after the
 * other.
 */
export interface Scenario {
  readonly wish: Wish;
  /** By what it is paid; as the wish asks without. */
  readonly paymentMethod?: string;
  readonly faults: readonly PlannedFault[];
  /** What goes wrong at Stripe; it is the payment provider then. */
  readonly atStripe?: readonly StripeFault[];
  /**
   * Each begins when nothing goes on by itself any more; those in a list begin together. If the order has not ended
   * after all of them, an operator helps it on.
   */
  readonly acts: readonly (Act | readonly Act[])[];
  /** How it ends if no call goes wrong. */
  readonly end: 'CONFIRMED' | 'CANCELLED';
  /** Step Functions announces no end of its executions: it does so by best effort only. */
  readonly isUntold?: boolean;
  /** Another order, the rival, has taken the goods before. */
  readonly isScarce?: boolean;
  /** What happens while a call is held up, and which faults of which function hold it up. */
  readonly meanwhile?: {
    readonly act: Act;
    readonly function: string;
    readonly faults: readonly CallFaultKind[];
  };
  /** The first act does not wait until the placement has settled. */
  readonly isHurried?: boolean;
  /** It is complete: no plan adds a fault of a call. */
  readonly isWhole?: boolean;
}
