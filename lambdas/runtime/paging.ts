import * as z from 'zod';
import { Limit } from '../../api/requests/paging.ts';
import type { ApiCall } from './api.ts';
import { Problem } from './problem.ts';

/** How many at most, by the call's `limit`. @throws Problem */
export const limitOf = ({ query }: ApiCall): number => {
  const limit = Limit.safeParse(query.limit);
  if (limit.success) return limit.data;
  throw new Problem('invalid-fields', 'the limit is not valid', [
    { field: 'limit', message: 'must be a whole number from 1 to 100' },
  ]);
};

/**
 * A cursor says after which key of which list the next page begins, in a form that fits a URL.
 * @param list which of the API's lists it is: another's cursor would begin at a key that this one has not got
 */
export const cursorOf = (list: string, key: object): string =>
  Buffer.from(JSON.stringify({ list, key })).toString('base64url');

/**
 * The key in the call's `cursor`; undefined where it asks for the first page.
 * @throws Problem where it is none of ours, or another list's
 */
export const keyIn = <Key extends z.ZodType>(
  { query: { cursor } }: ApiCall,
  list: string,
  key: Key,
): z.infer<Key> | undefined => {
  if (!cursor) return undefined;
  try {
    const said = z
      .strictObject({ list: z.literal(list), key: z.unknown() })
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return key.parse(said.key);
  } catch {
    throw new Problem('invalid-fields', 'the cursor is not one of this list', [
      { field: 'cursor', message: 'must be the `next` of an earlier page of the same list' },
    ]);
  }
};
