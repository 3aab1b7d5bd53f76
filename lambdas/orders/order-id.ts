import { createHash, randomUUID } from 'node:crypto';

/** From caller and idempotency key, so that two calls make one order; random without a key. */
export const orderIdFor = (customerId: string, key: string | undefined): string =>
  `ord_${createHash('sha256')
    .update(JSON.stringify([customerId, key ?? randomUUID()]))
    .digest('hex')
    .slice(0, 26)}`;
