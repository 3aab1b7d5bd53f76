import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';

/** From caller and idempotency key, so that two calls make one order; random without a key. */
export const orderIdFor = (customerId: string, key: string | undefined): string =>
  `ord_${createHash('sha256')
    .update(JSON.stringify([customerId, key ?? randomUUID()]))
    .digest('hex')
    .slice(0, 26)}`;

/** The form of an order's id, however many digits it has: what has not got it is no order's, and nobody need look for it. */
export const OrderId = z.stringFormat('order-id', /^ord_[0-9a-f]{1,64}$/);
