import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { pace } from '../../../lambdas/runtime/pace.ts';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

/** @param comings when each comes, in ms @returns when each came through */
const passedOf = async (perSecond: number, comings: readonly number[]) => {
  const may = pace(perSecond);
  const passed: number[] = [];
  for (const at of comings) {
    await jest.advanceTimersByTimeAsync(at - Date.now());
    void may().then(() => passed.push(Date.now()));
  }
  await jest.runAllTimersAsync();
  return passed;
};

it('lets so many through at once, and so many more with each second', async () => {
  expect(await passedOf(3, Array(8).fill(0))).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 2_000, 2_000]);
});

it('lets nobody wait longer than until a second after the one that made room', async () => {
  expect(await passedOf(2, [0, 700, 800, 900])).toEqual([0, 700, 1_000, 1_700]);
});

it('lets nobody wait where there is room', async () => {
  const later = [5_000, 5_001, 6_000, 6_001];
  expect(await passedOf(2, [0, 0, ...later])).toEqual([0, 0, ...later]);
});

it('sets no timer for who may pass now', async () => {
  await pace(1)();
  expect(jest.getTimerCount()).toBe(0);
});
