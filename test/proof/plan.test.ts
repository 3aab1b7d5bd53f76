import { describe, expect, it } from '@jest/globals';
import { FAULT_KINDS } from '../../local/faults/faults.ts';
import { FAMILY_NAMES } from '../../proof/families.ts';
import { byFamily } from '../../proof/matrix.ts';
import { parsePlan, planOf } from '../../proof/plan.ts';
import { routeOf } from '../../proof/route.ts';
import { FORWARD, PARKINGS } from '../../proof/saga.ts';
import { STEP_NAMES, UNDOS } from '../../saga/steps.ts';
import { WISHES } from '../../testbed/wishes.ts';

const families = new Map(byFamily({}, false));
const bounded = () => byFamily({}, true).flatMap(([, plans]) => plans);
const all = [...families.values()].flat();
const statesIn = (plans: typeof all) =>
  new Set(plans.flatMap(({ faults }) => faults.map(({ state }) => state)));
const kindsIn = (plans: typeof all) =>
  new Set(plans.flatMap(({ faults }) => faults.map(({ fault }) => fault)));
const everyTask = [...FORWARD, ...UNDOS, 'PublishOrderCancelled', ...PARKINGS];

describe('the plans', () => {
  it('are 5,000 or more, no two the same', () => {
    expect(all.length).toBeGreaterThanOrEqual(5_000);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const contents = all.map(({ wish, faults }) => JSON.stringify({ wish, faults }));
    expect(new Set(contents).size).toBe(all.length);
  });

  it('have a fault of every kind at every task, but for a parking, whose wait is no work', () => {
    expect(statesIn(all)).toEqual(new Set(everyTask));
    for (const state of everyTask) {
      const kinds = new Set(
        all.flatMap(({ faults }) =>
          faults.filter((fault) => fault.state === state).map(({ fault }) => fault),
        ),
      );
      const due = PARKINGS.includes(state)
        ? ['error-before', 'throttle', 'timeout-before', 'abort']
        : FAULT_KINDS;
      expect([state, [...kinds].sort()]).toEqual([state, [...due].sort()]);
    }
  });

  it('can each come to pass', () => {
    expect(all.filter((plan) => routeOf(plan).unreached.length > 0)).toEqual([]);
  });

  it('survive being printed', () => {
    for (const { id, wish, faults } of all)
      expect(parsePlan(JSON.parse(JSON.stringify({ wish, faults }))).id).toBe(id);
    expect(() => parsePlan({ wish: 'riches' as never, faults: [] })).toThrow('a plan has a wish');
  });
});

describe('the bounded part', () => {
  it('has some of every family, every task, every kind and every wish, and is the same always', () => {
    const part = bounded();
    const ids = new Set(part.map(({ id }) => id));
    for (const name of FAMILY_NAMES) {
      expect([name, families.get(name)?.some(({ id }) => ids.has(id))]).toEqual([name, true]);
    }
    expect(statesIn(part)).toEqual(new Set(everyTask));
    expect(kindsIn(part)).toEqual(new Set(FAULT_KINDS));
    expect(new Set(part.map(({ wish }) => wish))).toEqual(new Set(WISHES));
    expect(bounded()).toEqual(part);
    expect(part.length).toBeLessThanOrEqual(250);
  });
});

describe('a route', () => {
  it('of an order without a fault', () => {
    expect(routeOf(planOf('happy', []))).toEqual({
      end: 'CONFIRMED',
      tasks: FORWARD,
      resumes: { least: 0, most: 0 },
      mayBeKnown: false,
      unreached: [],
    });
  });

  it('of a refund that fails for long: parked, resumed, undone from the start of the chain', () => {
    const attempts = Array.from({ length: 11 }, (_, index) => index + 1);
    const faults = attempts.map((attempt) => ({
      state: 'RefundPayment',
      attempt,
      fault: 'error-before' as const,
    }));
    expect(routeOf(planOf('out of stock', faults))).toMatchObject({
      end: 'CANCELLED',
      reason: 'OutOfStockError',
      tasks: [
        ...STEP_NAMES.slice(0, STEP_NAMES.indexOf('ReserveInventory') + 1),
        ...UNDOS.slice(UNDOS.indexOf('ReleaseInventory') + 1),
        'ParkUndo',
        ...UNDOS,
        'PublishOrderCancelled',
      ],
      resumes: { least: 1, most: 1 },
    });
  });

  it('names the faults that it never comes to', () => {
    const never = { state: 'RefundPayment', attempt: 1, fault: 'crash' as const };
    expect(routeOf(planOf('happy', [never])).unreached).toEqual([never]);
  });
});
