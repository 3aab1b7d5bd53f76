import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ttlCache } from '../../../lambdas/runtime/ttl-cache.ts';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});
const clients = <T>(ask: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, ask));

describe('an answer in the cache', () => {
  it('is asked for once by all who ask while it is on its way, however long that takes', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const ask = jest.fn(() => promise);
    const cached = ttlCache<string>(1_000);
    const early = clients(() => cached('a', ask));
    jest.setSystemTime(5_000);
    const late = clients(() => cached('a', ask));
    resolve('answer');
    expect(new Set([...(await early), ...(await late)])).toEqual(new Set(['answer']));
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('holds for its time after it came, and no longer', async () => {
    const ask = jest.fn(async () => Date.now());
    const cached = ttlCache<number>(1_000);
    const answers: number[] = [];
    for (const now of [0, 999, 1_000, 1_500, 2_000]) {
      jest.setSystemTime(now);
      answers.push(await cached('a', ask));
    }
    expect(answers).toEqual([0, 0, 1_000, 1_000, 2_000]);
  });

  it('is for its key alone', async () => {
    const cached = ttlCache<string>(1_000);
    const answers = ['a', 'b', 'a'].map((key) => cached(key, async () => `of ${key}`));
    await expect(Promise.all(answers)).resolves.toEqual(['of a', 'of b', 'of a']);
  });

  it('is not kept where it is a failure', async () => {
    const cached = ttlCache<string>(1_000);
    const failing = clients(() => cached('a', () => Promise.reject(new Error('away'))));
    await expect(failing).rejects.toThrow('away');
    await expect(cached('a', async () => 'answer')).resolves.toBe('answer');
  });
});
