import * as z from 'zod';

/** A line of an order, at the price it was sold for. */
export const OrderLine = z.object({
  sku: z.string().min(1),
  quantity: z.int().positive(),
  /** Minor units (cents) of the order's currency, for one piece. */
  unitPriceCents: z.int().nonnegative(),
});

/** What every order event tells of its order: no address, no e-mail, no payment method. */
export const OrderFacts = z.object({
  orderId: z.string().min(1),
  customerId: z.string().min(1),
  items: z.array(OrderLine).min(1),
  /** Minor units (cents) of `currency`. */
  totalCents: z.int().nonnegative(),
  /** ISO 4217, upper case. */
  currency: z.string().regex(/^[A-Z]{3}$/),
});
