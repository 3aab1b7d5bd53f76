import * as z from 'zod';

/** A customer's id. A key is at most 2,048 bytes, and a character four of them. */
export const Customer = z.string().min(1).max(512);
