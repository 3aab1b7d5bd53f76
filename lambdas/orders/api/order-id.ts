import { createHash, randomUUID } from 'node:crypto';

/** Derived from caller and idempotency key, so that a repeated call places no second order; random without a key. */
export const orderIdFor = (customerId: string, key: string | undefined): string =>
  `ord_${createHash('sha256')
    .update(JSON.stringify([customerId, key ?? randomUUID()]))
    .digest('hex')
    .slice(0, 26)}`;
