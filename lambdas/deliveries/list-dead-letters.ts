import type { AnswerTo } from '../../api/routes.ts';
import { api } from '../runtime/api.ts';
import { type DeadLetterQueue, deadLetterQueue } from '../runtime/dead-letter-queue.ts';
import { deadLettersOf } from '../runtime/dead-letters.ts';
import { env } from '../runtime/env.ts';
import { type Listeners, ListenersEnv } from '../runtime/listeners.ts';

/**
 * For each listener, how many events it could not be given; and for the first of them the order, the event, and the
 * reason.
 */
export const listDeadLetters =
  (listeners: Listeners, queueAt: (url: string) => Pick<DeadLetterQueue, 'count' | 'peek'>) =>
  async (): Promise<AnswerTo<'GET /ops/dead-letters'>> => ({
    status: 200,
    body: { listeners: await deadLettersOf(listeners, queueAt) },
  });

const { LISTENERS } = env(ListenersEnv);
export const handler = api(listDeadLetters(LISTENERS, deadLetterQueue));
