import * as z from 'zod';
import { Instant } from '../../events/instant.ts';

/**
 * A state that waits, as the engine knows it. When it was entered identifies the wait; how often it was retried tells its
 * tokens apart, as each attempt gets a new one.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
export const EnteredState = z.object({
  EnteredTime: Instant,
  RetryCount: z.int().nonnegative().default(0),
});

/**
 * A key that sorts waits in time order, and the attempts of one.
 * @param since RFC 3339, UTC: when the state was entered
 */
export const waitKey = (since: string, retries: number) => `${since}#${String(retries).padStart(3, '0')}`;
