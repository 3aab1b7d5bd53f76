import type { DeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Listeners } from './listeners.ts';

/** So many of each listener are looked at, and no more: that is done well within a function's time. */
const SHOWN = 50;

/** A dead letter as it is told: what the event says of its order is told elsewhere. */
export type ToldLetter = Omit<DeadLetter, 'event'>;

/** What lies in a listener's queue. @property deadLetters about how many; `letters` are the first of them */
export interface ListenersLetters {
  readonly listener: string;
  readonly deadLetters: number;
  readonly letters: readonly ToldLetter[];
}

/** A look into every listener's queue, which takes nothing off it. */
export const deadLettersOf = (
  listeners: Listeners,
  queueAt: (url: string) => Pick<DeadLetterQueue, 'count' | 'peek'>,
): Promise<ListenersLetters[]> =>
  Promise.all(
    [...listeners].map(async ([listener, { queueUrl }]) => {
      const queue = queueAt(queueUrl);
      const deadLetters = await queue.count();
      const letters = deadLetters > 0 ? await queue.peek(Math.min(deadLetters, SHOWN)) : [];
      return { listener, deadLetters, letters: letters.map(({ event: _, ...letter }) => letter) };
    }),
  );
