import type { OrderConfirmed } from '../../events/order-confirmed.ts';

type Order = OrderConfirmed['data'];

/** What makes a person want to look at an order. Stateless: each rule sees one order only. */
export const fraudRules: Readonly<Record<string, (order: Order) => boolean>> = {
  /** 1,000 or more of the order's currency. */
  HIGH_VALUE: ({ totalCents }) => totalCents >= 100_000,
  /** Ten or more of one thing: resale, or a stolen card being emptied. */
  BULK_QUANTITY: ({ items }) => items.some(({ quantity }) => quantity >= 10),
  /** Several of the most expensive kind of thing. */
  SEVERAL_LUXURIES: ({ items }) =>
    items.some(({ quantity, unitPriceCents }) => quantity >= 3 && unitPriceCents >= 20_000),
};

/** The names of the rules that the order meets. */
export const fraudSignals = (order: Order): string[] =>
  Object.entries(fraudRules)
    .filter(([, isMet]) => isMet(order))
    .map(([name]) => name);
