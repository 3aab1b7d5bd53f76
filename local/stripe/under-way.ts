import { setTimeout as delay } from 'node:timers/promises';

/**
 * What happens at Stripe by itself, sooner or later: debits that a bank settles, events on their way.
 * @param timeScale what the time to it is multiplied by
 */
export const underWay = (timeScale: number) => {
  const begun = new Map<Promise<void>, string | undefined>();
  const closing = new AbortController();
  const { signal } = closing;
  return {
    /** @param orderId whose it is, as the metadata have it */
    start: (orderId: string | undefined, work: Promise<unknown>): void => {
      const ended: Promise<void> = work.then(
        () => void begun.delete(ended),
        () => void begun.delete(ended),
      );
      begun.set(ended, orderId);
    },
    /** Rejects where all is over before. */
    after: (ms: number): Promise<void> => delay(ms * timeScale, undefined, { signal }),
    signal,
    /** @param orderId of this order alone */
    count: (orderId?: string): number =>
      orderId === undefined ? begun.size : [...begun.values()].filter((each) => each === orderId).length,
    settled: async (): Promise<void> => {
      while (begun.size > 0) await Promise.all(begun.keys());
    },
    close: (): void => closing.abort(),
  };
};
export type UnderWay = ReturnType<typeof underWay>;
