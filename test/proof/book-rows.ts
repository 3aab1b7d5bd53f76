import type { Effect } from '../../proof/effects.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the books of the outside have of an order: of an effect that stands, and of one that was taken back. */
export const BOOK_ROWS = {
  payment: {
    standing: { orderId: 'ord_1', status: 'CHARGED', chargedCents: 2500, refundedCents: 0 },
    takenBack: { orderId: 'ord_1', status: 'CHARGED', chargedCents: 2500, refundedCents: 2500 },
  },
  shipment: {
    standing: { orderId: 'ord_1', status: 'BOOKED' },
    takenBack: { orderId: 'ord_1', status: 'CANCELLED' },
  },
} as const satisfies Readonly<Record<Effect, { readonly standing: Row; readonly takenBack: Row }>>;
