import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { pauseMs, TRIES } from '../../../lambdas/runtime/transaction.ts';
import { orderFulfillment } from '../../statemachines/definition.ts';

/**
 * How long a transaction keeps its items to itself, in ms: "TransactionConflict" is what another one that comes meanwhile
 * is told (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html). So a SKU bears a
 * hundred reservations a second at most.
 */
const HOLD_MS = 10;

const ERROR = 'InventoryUnavailableError';
const retrier = orderFulfillment.States.ReserveInventory?.Retry?.find(({ ErrorEquals }) =>
  ErrorEquals.includes(ERROR),
);

/** By the definition's Retry, with full jitter; undefined where it gives up. */
const backOffMs = (retries: number): number | undefined => {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxAttempts = 3, MaxDelaySeconds = Infinity } = retrier ?? {};
  if (retries === MaxAttempts) return undefined;
  return Math.random() * Math.min(IntervalSeconds * BackoffRate ** retries, MaxDelaySeconds) * 1_000;
};

/** The same luck each time. */
const seeded = (): (() => number) => {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
};

interface Try {
  readonly at: number;
  readonly left: number;
  readonly retries: number;
}

/** Orders for one SKU, one each so many ms, all of them in stock. @returns how many are lost to contention, and when the last has its goods */
const rush = (orders: number, everyMs: number) => {
  const byTime: Try[][] = [];
  const add = (each: Try) => {
    const slot = Math.floor(each.at);
    byTime[slot] = [...(byTime[slot] ?? []), each];
  };
  for (let order = 0; order < orders; order += 1) add({ at: order * everyMs, left: TRIES, retries: 0 });
  let [freeAt, lost, lastAt] = [0, 0, 0];
  for (let now = 0; now < byTime.length; now += 1) {
    for (const { at, left, retries } of byTime[now] ?? []) {
      if (at >= freeAt) {
        freeAt = at + HOLD_MS;
        lastAt = at;
      } else if (left > 1) add({ at: at + 1 + pauseMs(left), left: left - 1, retries });
      else {
        const pause = backOffMs(retries);
        if (pause === undefined) lost += 1;
        else add({ at: at + 1 + pause, left: TRIES, retries: retries + 1 });
      }
    }
    byTime[now] = [];
  }
  return { lost, lastAt };
};

afterEach(() => {
  jest.restoreAllMocks();
});

describe('orders for the same goods, all of them in stock', () => {
  it.each([
    [120, 100],
    [1_000, 1],
    [5_000, 1],
  ])('%i, one every %i ms: none is lost because others want them too', (orders, everyMs) => {
    jest.spyOn(Math, 'random').mockImplementation(seeded());
    expect(rush(orders, everyMs)).toEqual({ lost: 0, lastAt: expect.any(Number) });
  });
});
