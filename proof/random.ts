import fc from 'fast-check';
import { type Violation, violationsAtTheEnd } from './invariants.ts';
import { bringToEnd, lostEvents, openWarmShop, orderIdOf, type Placing, place } from './operator.ts';
import { type PlannedFault, planOf } from './plan.ts';
import { CALLS, STEPS, UNDO, type Wish } from './saga.ts';
import { MUG, type Shop } from './shop.ts';

/** One of many orders for the same scarce thing. */
interface Rival {
  readonly wish: Exclude<Wish, 'out of stock'>;
  readonly quantity: number;
  /** How often the client sends the request, under one Idempotency-Key, at once. */
  readonly requests: number;
  readonly faults: readonly PlannedFault[];
}

/** Orders that compete for the stock of one SKU, each with faults of its own. */
export interface Contest {
  readonly available: number;
  readonly orders: readonly Rival[];
}

const PUBLICATIONS = ['PublishOrderConfirmed', 'PublishOrderCancelled'];
const TASKS = [...Object.keys(STEPS), ...UNDO.slice(0, 3), ...PUBLICATIONS];

const anyFault: fc.Arbitrary<PlannedFault> = fc.constantFrom(...TASKS).chain((state) => {
  const attempt = fc.integer({ min: 1, max: 3 });
  const calls = fc.integer({ min: 0, max: CALLS[state] ?? 0 });
  const until = fc.constantFrom(undefined, ...UNDO);
  const atOnce = fc.constantFrom(
    'error-before' as const,
    'error-after' as const,
    'timeout-before' as const,
    'throttle' as const,
    'duplicate' as const,
  );
  return fc.oneof(
    fc.record({ state: fc.constant(state), attempt, fault: atOnce }),
    fc.record({
      state: fc.constant(state),
      attempt,
      fault: fc.constantFrom('crash' as const, 'abort' as const),
      calls,
    }),
    fc
      .record({
        state: fc.constant(state),
        attempt,
        fault: fc.constant('timeout-after' as const),
        calls,
        until,
      })
      .map(({ until: left, ...fault }) => ({ ...fault, ...(left && { until: left }) })),
  );
});

const anyRival: fc.Arbitrary<Rival> = fc.record({
  wish: fc.oneof(
    { weight: 4, arbitrary: fc.constant('happy' as const) },
    { weight: 1, arbitrary: fc.constantFrom('declined' as const, 'undeliverable' as const) },
  ),
  quantity: fc.integer({ min: 1, max: 3 }),
  requests: fc.integer({ min: 1, max: 2 }),
  faults: fc.array(anyFault, { maxLength: 3 }),
});

const anyContest: fc.Arbitrary<Contest> = fc.record({
  available: fc.integer({ min: 0, max: 12 }),
  orders: fc.array(anyRival, { minLength: 1, maxLength: 12 }),
});

/** SKUs made ahead, one a contest: shrinking takes more than there were runs. */
const CONTESTS_A_SHOP = 2_000;
const skuOf = (contest: number) => `SCARCE-${contest}`;

const openContestShop = () =>
  openWarmShop(
    Array.from({ length: CONTESTS_A_SHOP }, (_, index) => ({ ...MUG, sku: skuOf(index), available: 0 })),
  );

const stockUp = (shop: Shop, sku: string, available: number) =>
  shop.stack.call('DynamoDB_20120810', 'UpdateItem', {
    TableName: 'InventoryStock',
    Key: { sku: { S: sku } },
    UpdateExpression: 'SET available = :available',
    ExpressionAttributeValues: { ':available': { N: `${available}` } },
  });

const hold = async (shop: Shop, { available, orders }: Contest, number: number): Promise<Violation[]> => {
  const sku = skuOf(number);
  await stockUp(shop, sku, available);
  const placings = orders.map(({ wish, quantity, faults }, index): Placing => {
    const key = `contest-${number}-${index}`;
    const order = {
      orderId: orderIdOf(key),
      plan: planOf(wish, faults).id,
      items: [{ sku, quantity }],
      totalCents: quantity * MUG.unitPriceCents,
    };
    return { key, wish, faults, order };
  });
  const initialStock = new Map([[sku, available]]);
  const placed = await Promise.all(
    placings.map((placing, index) => place(shop, placing, orders[index]?.requests)),
  );
  const { worlds, violations } = await bringToEnd(shop, placings, initialStock);
  const all = placings.map(({ order }) => order);
  return [
    ...placed.flat(),
    ...violations,
    ...violationsAtTheEnd({ worlds, orders: all, initialStock }),
    ...lostEvents(shop, all),
  ];
};

export interface RandomReport {
  readonly contests: number;
  readonly violations: readonly Violation[];
  /** The smallest contest found that goes wrong. */
  readonly failing?: Contest;
}

/** Runs random contests; of one that goes wrong it looks for the smallest that still does. */
export const runRandom = async (runs: number, seed = Date.now() | 0): Promise<RandomReport> => {
  const shop = await openContestShop();
  let contests = 0;
  let violations: readonly Violation[] = [];
  try {
    const property = fc.asyncProperty(anyContest, async (contest) => {
      const found = await hold(shop, contest, contests);
      contests += 1;
      if (found.length > 0) violations = found;
      return found.length === 0;
    });
    const { failed, counterexample } = await fc.check(property, { numRuns: runs, seed });
    const failing = counterexample?.[0];
    return { contests, violations, ...(failed && failing && { failing }) };
  } finally {
    await shop.close();
  }
};

/** Runs one contest again, as it was printed. */
export const replayContest = async (contest: Contest): Promise<readonly Violation[]> => {
  const shop = await openContestShop();
  try {
    return await hold(shop, contest, 0);
  } finally {
    await shop.close();
  }
};
