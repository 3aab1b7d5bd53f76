import * as z from 'zod';
import { Limit } from '../../api/requests/paging.ts';
import type { ApiCall } from './api.ts';
import { Problem } from './problem.ts';

/** The call's `limit`. @throws Problem */
export const limitOf = ({ query }: ApiCall): number => {
  const limit = Limit.safeParse(query.limit);
  if (limit.success) return limit.data;
  throw new Problem('invalid-fields', 'the limit is not valid', [
    { field: 'limit', message: 'must be a whole number from 1 to 100' },
  ]);
};

/**
 * A cursor names the list, and the key after which its next page begins, in a form that fits a URL.
 * @param list which of the API's lists it is: a cursor of another list would name a key that this one does not have
 */
export const cursorOf = (list: string, key: object): string =>
  Buffer.from(JSON.stringify({ list, key })).toString('base64url');

/**
 * The key in the call's `cursor`; undefined where it asks for the first page.
 * @throws Problem where it is not one of ours, or belongs to another list
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
