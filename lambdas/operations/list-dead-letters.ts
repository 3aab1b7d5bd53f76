import { api } from '../runtime/api.ts';
import { env } from '../runtime/env.ts';
import { type DeadLetterQueue, deadLetterQueue } from './dead-letter-queue.ts';
import { type Listeners, ListenersEnv } from './listeners.ts';

/** How many events each listener could not be given. */
export const listDeadLetters =
  (listeners: Listeners, queue: (url: string) => Pick<DeadLetterQueue, 'count'>) => async () => ({
    status: 200,
    body: {
      listeners: await Promise.all(
        Object.entries(listeners).map(async ([listener, { queueUrl }]) => ({
          listener,
          deadLetters: await queue(queueUrl).count(),
        })),
      ),
    },
  });

const { LISTENERS } = env(ListenersEnv);
export const handler = api(listDeadLetters(LISTENERS, deadLetterQueue));
