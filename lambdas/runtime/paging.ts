import * as z from 'zod';
import { type ApiCall, Problem } from './api.ts';

const Limit = z.coerce.number().int().min(1).max(100).default(20);

/** How many at most, by the call's `limit`. @throws Problem 400 */
export const limitOf = ({ query }: ApiCall): number => {
  const limit = Limit.safeParse(query.limit);
  if (limit.success) return limit.data;
  throw new Problem(400, 'Bad Request', 'the limit is not valid', [
    { field: 'limit', message: 'must be a whole number from 1 to 100' },
  ]);
};

/** A cursor is the table's last key, in a form that fits a URL. */
export const cursorOf = (key: object): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** The key in the call's `cursor`; undefined where it asks for the first page. @throws Problem 400 */
export const keyIn = <Key extends z.ZodType>({ query }: ApiCall, key: Key): z.infer<Key> | undefined => {
  if (!query.cursor) return undefined;
  try {
    return key.parse(JSON.parse(Buffer.from(query.cursor, 'base64url').toString()));
  } catch {
    throw new Problem(400, 'Bad Request', 'the cursor is not one of ours', [
      { field: 'cursor', message: 'must be the `next` of an earlier page' },
    ]);
  }
};
