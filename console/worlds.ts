interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** What is on sale, and how many there were at first. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  /** Minor units. */
  readonly unitPriceCents: number;
  readonly currency: string;
  readonly available: number;
}

/** A row of the payment provider's books. */
export interface Charge {
  readonly intentId: string;
  readonly orderId: string;
  readonly currency: string;
  /** 0 of what was prepared and never charged. */
  readonly chargedCents: number;
  readonly refundedCents: number;
}
/** A row of the carrier's book. */
export interface Parcel {
  readonly shipmentId: string;
  readonly orderId: string;
  readonly status: 'PREPARED' | 'REFUSED' | 'BOOKED' | 'DISPATCHED' | 'CANCELLED';
  readonly trackingNumber?: string;
}
/** What a customer was sent about an event. */
export interface Mail {
  /** `<orderId>#<type>` */
  readonly eventId: string;
  readonly orderId: string;
  readonly subject: string;
  readonly text: string;
  /** How often. */
  readonly sent: number;
  /** Where it went; the sandbox forgets it. */
  readonly to?: string;
  /** SES sends nothing there. */
  readonly isSuppressed?: boolean;
}
/** An entry of one of our own ledgers; `resolution` where an operator has settled the undo by hand. */
export interface Entry {
  readonly orderId: string;
  readonly state: string;
  readonly resolution?: unknown;
}

/** How an order stands by its record. */
export interface OrderRow {
  readonly orderId: string;
  /** Minor units. */
  readonly totalCents: number;
  readonly currency: string;
  readonly items: readonly Line[];
  readonly outcome?: { readonly status: string; readonly reason?: string; readonly isKept?: boolean };
  /** It has not ended yet, or is being cancelled. */
  readonly open: boolean;
  /** Mail about it has somewhere to go. */
  readonly isReachable: boolean;
  /** The state that waits for an operator. */
  readonly parked?: string;
}

/** `GET /dev/worlds`: the outside worlds, and what our own books say of them. */
export interface Worlds {
  readonly charges: readonly Charge[];
  readonly stock: readonly { readonly sku: string; readonly available: number }[];
  readonly parcels: readonly Parcel[];
  readonly mailbox: readonly Mail[];
  readonly orders: readonly OrderRow[];
  readonly payments: readonly Entry[];
  readonly reservations: readonly (Entry & { readonly items: readonly Line[] })[];
  readonly shipments: readonly Entry[];
}

/** The carrier has it, or has had it; of what was only prepared nobody has carried anything. */
export const isOnItsWay = ({ status }: Parcel): boolean => status === 'BOOKED' || status === 'DISPATCHED';
