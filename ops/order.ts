import { money } from './words.ts';

/** An order as the operators' routes tell it. */
export interface Order {
  readonly orderId: string;
  readonly correlationId: string;
  readonly status: 'PENDING' | 'CONFIRMED' | 'CANCELLED' | 'NEEDS_ATTENTION';
  /** The state the workflow is in, or ended in; null before the first, and where the list does not know it. */
  readonly step: string | null;
  readonly items: readonly {
    readonly sku: string;
    readonly quantity: number;
    /** Minor units. */
    readonly unitPriceCents: number;
  }[];
  readonly totalCents: number;
  readonly currency: string;
  /** RFC 3339, UTC; as all times below. */
  readonly placedAt: string;
  readonly failure?: {
    readonly error: string;
    readonly message: string;
    /** The undos that have run, by their states' names. */
    readonly undone?: readonly string[];
    readonly parked?: { readonly state: string; readonly error: string; readonly since: string };
  };
  /** When its cancellation was asked for, once it was confirmed, and by whom. */
  readonly cancelling?: { readonly at: string; readonly by: string };
  /** That its parcel had left when it was to be undone, and so who has kept it, when and why. */
  readonly kept?: { readonly at: string; readonly by: string; readonly note: string };
  /** Since when its personal data is gone, and by whose hand. */
  readonly erased?: { readonly at: string; readonly by: string };
  readonly review?: { readonly signals: readonly string[]; readonly since: string };
}

/** The route of an order. */
export const pathOf = (orderId = '', rest = ''): string =>
  `/ops/orders/${encodeURIComponent(orderId)}${rest}`;

/** `2 x MUG-WHITE, 1 x TEAPOT: EUR 84.00` */
export const wares = ({ items, totalCents, currency }: Order): string =>
  `${items.map(({ sku, quantity }) => `${quantity} x ${sku}`).join(', ')}: ${money(totalCents, currency)}`;
