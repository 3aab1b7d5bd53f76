import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openedAt } from '../../../../lambdas/orders/order.ts';
import { ENGINE_CALLS_PER_SECOND, handler } from '../../../../lambdas/orders/workflow/reconcile-orders.ts';
import { stepFunctions } from '../../../../lambdas/runtime/step-functions.ts';
import { busInMemory } from '../../bus-in-memory.ts';
import { lambdaContext } from '../../lambda-context.ts';
import { tablesInMemory } from '../../tables-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

// Twenty thousand open orders, an engine that has AWS's quota, and a clock that has no hour to wait for.
const ORDERS = 20_000;
const BEGINS = Date.parse('2026-01-15T12:00:30.000Z');
/** What docs/saga.md says. */
const MINUTES = 50;
const PASS_MS = 60_000;

const orderId = (index: number) => `ord_${String(index).padStart(5, '0')}`;
/** The oldest are among them: they would stand in the way of all others. */
const isBroken = (index: number) => index < 20 || index % 100 === 0;
const isAborted = (index: number) => !isBroken(index) && index % 100 === 1;
const ofKind = (is: (index: number) => boolean) =>
  Array.from({ length: ORDERS }, (_, index) => index)
    .filter(is)
    .map(orderId);

/**
 * Step Functions' API with its bucket of 400 that 20 a second refill, of which customers take their half without a pause;
 * what it is asked comes over the SDK's own retries. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const engineWithQuota = () => {
  let tokens = 400;
  let refilledAt = Date.now();
  let fewest = tokens;
  const at: number[] = [];
  const lookedAt = new Map<string, number>();
  const started: string[] = [];

  const answer = (status: number, body: object) => ({
    response: { statusCode: status, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) },
  });
  const error = (type: string, status = 400) => answer(status, { __type: type, message: type });

  stepFunctions.config.requestHandler = {
    handle: async ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
      const now = Date.now();
      tokens = Math.min(400, tokens + ((now - refilledAt) / 1_000) * (20 - 10)) - 1;
      refilledAt = now;
      fewest = Math.min(fewest, tokens);
      at.push(now);
      if (tokens < 0) {
        tokens += 1;
        return error('ThrottlingException');
      }
      const request = JSON.parse(new TextDecoder().decode(body));
      if (headers['x-amz-target']?.endsWith('StartExecution')) {
        started.push(request.name);
        return answer(200, { executionArn: 'arn', startDate: now / 1_000 });
      }
      const [machine, name] = request.executionArn.split(':').slice(-2);
      const index = Number(name.slice(4, 9));
      if (!machine.endsWith('OrderFulfillment')) return error('ExecutionDoesNotExist');
      if (!lookedAt.has(name)) lookedAt.set(name, now);
      if (isBroken(index)) return error('InternalFailure', 500);
      const last = isAborted(index) ? 'ExecutionAborted' : 'ExecutionStarted';
      return answer(200, { events: [{ id: 1, type: last, timestamp: now / 1_000 }] });
    },
  } as never;
  return {
    lookedAt,
    started,
    fewest: () => fewest,
    /** The most calls within any second. */
    most: () =>
      at.reduce((most, time, index) => {
        let first = index;
        while (first > 0 && (at[first - 1] as number) > time - 1_000) first -= 1;
        return Math.max(most, index - first + 1);
      }, 0),
  };
};

let engine: ReturnType<typeof engineWithQuota>;
let minutes: number;
const unfinished: number[] = [];
beforeAll(async () => {
  jest.useFakeTimers({
    now: BEGINS,
    doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'hrtime', 'setInterval'],
  });
  const tables = tablesInMemory({ Orders: 'orderId' });
  busInMemory();
  engine = engineWithQuota();
  for (let index = 0; index < ORDERS; index += 1) {
    const placedAt = new Date(BEGINS - 3_600_000 + index * 150).toISOString();
    tables.seed('Orders', {
      ...placedOrder({ orderId: orderId(index), placedAt }),
      ...openedAt(orderId(index), placedAt),
    });
  }
  /** Does what can be done at this time, then goes on to the next. */
  const until = async (isOver: () => boolean) => {
    while (!isOver()) {
      await new Promise(setImmediate);
      if (!isOver()) jest.advanceTimersToNextTimer();
    }
  };
  for (minutes = 0; minutes < 2 * MINUTES && engine.lookedAt.size < ORDERS; minutes += 1) {
    const begun = Date.now();
    let isDone = false;
    const context = { ...lambdaContext, getRemainingTimeInMillis: () => begun + PASS_MS - Date.now() };
    void handler({ source: 'aws.events' }, context).then(() => {
      isDone = true;
    });
    await until(() => isDone || Date.now() - begun > PASS_MS);
    if (!isDone) unfinished.push(minutes);
    jest.setSystemTime(Math.max(Date.now(), begun + PASS_MS));
  }
}, 300_000);
afterAll(() => {
  jest.useRealTimers();
});

describe('of twenty thousand open orders', () => {
  it('every one is looked at within the time that is promised, the broken ones among them', () => {
    expect(engine.lookedAt.size).toBe(ORDERS);
    expect(minutes).toBeLessThanOrEqual(MINUTES);
  });

  it('the one that has waited longest comes first', () => {
    const [last = ''] = [...engine.lookedAt.keys()].slice(-1);
    expect(Number(last.slice(4))).toBeGreaterThan(ORDERS - 1_000);
  });

  it('each that had ended as it should not goes on', () => {
    expect(new Set(engine.started)).toEqual(new Set(ofKind(isAborted).map((id) => `${id}-1`)));
  });

  it('no pass is cut off by its time', () => {
    expect(unfinished).toEqual([]);
  });

  it('the engine is never asked more often than the reconciler may, however broken they are', () => {
    expect(engine.most()).toBeLessThanOrEqual(ENGINE_CALLS_PER_SECOND);
  });

  it('customers have what is theirs: their half for good, and nearly all of what they may ask at once', () => {
    expect(engine.fewest()).toBeGreaterThan(400 - 2 * ENGINE_CALLS_PER_SECOND);
  });
});
