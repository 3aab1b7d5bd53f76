import * as z from 'zod';

/** The form of an order's id, however many digits it has: what has not got it is no order's, and nobody need look for it. */
export const OrderId = z.string().regex(/^ord_[0-9a-f]{1,64}$/);
