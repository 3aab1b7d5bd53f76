import type { AnswerTo } from '../../api/routes.ts';
import { api } from '../runtime/api.ts';
import { type DeadLetterQueue, deadLetterQueue } from '../runtime/dead-letter-queue.ts';
import { deadLettersOf } from '../runtime/dead-letters.ts';
import { env } from '../runtime/env.ts';
import { type Listeners, ListenersEnv } from '../runtime/listeners.ts';

/** How many events each listener could not be given; and of which order, which event, and why, the first of them. */
export const listDeadLetters =
  (listeners: Listeners, queueAt: (url: string) => Pick<DeadLetterQueue, 'count' | 'peek'>) =>
  async (): Promise<AnswerTo<'GET /ops/dead-letters'>> => ({
    status: 200,
    body: { listeners: await deadLettersOf(listeners, queueAt) },
  });

const { LISTENERS } = env(ListenersEnv);
export const handler = api(listDeadLetters(LISTENERS, deadLetterQueue));
