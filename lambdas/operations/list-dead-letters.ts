import { api } from '../runtime/api.ts';
import { env } from '../runtime/env.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type DeadLetterQueue, deadLetterQueue } from './dead-letter-queue.ts';
import { type Listeners, ListenersEnv } from './listeners.ts';

/** So many of each listener are looked at, and no more: that is done well within a function's time. */
const SHOWN = 50;

/** The event itself stays where it is: what it says of its order is told elsewhere. */
const told = ({ event: _, ...letter }: DeadLetter) => letter;

/** How many events each listener could not be given; and of which order, which event, and why, the first of them. */
export const listDeadLetters =
  (listeners: Listeners, queueAt: (url: string) => Pick<DeadLetterQueue, 'count' | 'peek'>) => async () => ({
    status: 200,
    body: {
      listeners: await Promise.all(
        [...listeners].map(async ([listener, { queueUrl }]) => {
          const queue = queueAt(queueUrl);
          const deadLetters = await queue.count();
          const letters = deadLetters > 0 ? await queue.peek(Math.min(deadLetters, SHOWN)) : [];
          return { listener, deadLetters, letters: letters.map(told) };
        }),
      ),
    },
  });

const { LISTENERS } = env(ListenersEnv);
export const handler = api(listDeadLetters(LISTENERS, deadLetterQueue));
