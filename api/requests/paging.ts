import * as z from 'zod';

/** How long a page of a list may be, and is where nothing is said. */
export const LENGTH = { minimum: 1, maximum: 100, default: 20 };

/** How many at most, as it stands in a query. */
export const Limit = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number)
  .pipe(z.int().min(LENGTH.minimum).max(LENGTH.maximum))
  .default(LENGTH.default);
