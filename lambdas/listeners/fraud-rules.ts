import type { FraudThresholds, ThresholdsInCents } from '../../configuration/fraud-thresholds.ts';
import type { OrderConfirmed } from '../../events/order-confirmed.ts';

type Order = OrderConfirmed['data'];

/**
 * What makes a person want to look at an order. Stateless: each rule sees one order only, and the thresholds of its
 * currency; none where nobody has set them.
 */
export const fraudRules: Readonly<Record<string, (order: Order, thresholds?: ThresholdsInCents) => boolean>> =
  {
    /** It costs much. */
    HIGH_VALUE: ({ totalCents }, thresholds) =>
      thresholds !== undefined && totalCents >= thresholds.totalCents,
    /** Ten or more of one thing: resale, or a stolen card being emptied. */
    BULK_QUANTITY: ({ items }) => items.some(({ quantity }) => quantity >= 10),
    /** Several of the most expensive kind of thing. */
    SEVERAL_LUXURIES: ({ items }, thresholds) =>
      thresholds !== undefined &&
      items.some(({ quantity, unitPriceCents }) => quantity >= 3 && unitPriceCents >= thresholds.pieceCents),
    /** Whether it costs much is not known: better looked at than let through. */
    UNKNOWN_CURRENCY: (_, thresholds) => thresholds === undefined,
  };

/** The names of the rules that the order meets. */
export const fraudSignals = (order: Order, thresholds: FraudThresholds): string[] =>
  Object.entries(fraudRules)
    .filter(([, isMet]) => isMet(order, thresholds[order.currency]))
    .map(([name]) => name);
