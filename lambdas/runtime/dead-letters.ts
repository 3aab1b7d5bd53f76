import type { DeadLetters } from '../../api/answers/deliveries.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Listeners } from './listeners.ts';

/** The most that are looked at per listener, so that the look ends well within the function's time. */
const SHOWN = 50;

/** Looks into every listener's queue, and takes nothing off it. */
export const deadLettersOf = (
  listeners: Listeners,
  queueAt: (url: string) => Pick<DeadLetterQueue, 'count' | 'peek'>,
): Promise<DeadLetters[]> =>
  Promise.all(
    [...listeners].map(async ([listener, { queueUrl }]) => {
      const queue = queueAt(queueUrl);
      const deadLetters = await queue.count();
      const letters = deadLetters > 0 ? await queue.peek(Math.min(deadLetters, SHOWN)) : [];
      return { listener, deadLetters, letters: letters.map(({ event: _, ...letter }) => letter) };
    }),
  );
