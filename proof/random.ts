import fc from 'fast-check';
import { CALL_FAULT_KINDS, type CallFault } from '../local/faults/calls.ts';
import { STEP_NAMES, UNDOS } from '../saga/steps.ts';
import { MUG, type Shop } from '../testbed/shop.ts';
import type { Wish } from '../testbed/wishes.ts';
import { ACTS, type Act, type Customer, recordOf } from './acts.ts';
import { type PlacedOrder, type Violation, violationsAtTheEnd } from './invariants.ts';
import {
  askFor,
  bringToEnd,
  type FollowedShop,
  lostEvents,
  openWarmShop,
  orderIdOf,
  type Placing,
  place,
  unmodelledTraces,
  violationOf,
} from './operator.ts';
import { type PlannedFault, planOf } from './plan.ts';
import { HANDLER_CALLS, PUBLICATIONS, UNDO } from './saga.ts';

/** One of many orders for the same scarce thing. */
interface Rival {
  readonly wish: Exclude<Wish, 'out of stock'>;
  readonly quantity: number;
  /** How often the client sends the request, under one Idempotency-Key, at once. */
  readonly requests: number;
  readonly faults: readonly PlannedFault[];
  /** What is done with it meanwhile, in sequence, while the others' acts go on. */
  readonly acts: readonly Act[];
  /** What goes wrong with single calls about it. */
  readonly calls: readonly CallFault[];
}

/**
 * Orders that compete for the stock of one SKU, each with faults of its own, and people who act on them at the same
 * time.
 */
export interface Contest {
  readonly available: number;
  readonly orders: readonly Rival[];
}

const TASKS: readonly string[] = [...STEP_NAMES, ...UNDOS, ...PUBLICATIONS];

const anyFault: fc.Arbitrary<PlannedFault> = fc.constantFrom(...TASKS).chain((state) => {
  const attempt = fc.integer({ min: 1, max: 3 });
  const calls = fc.integer({ min: 0, max: HANDLER_CALLS[state] ?? 0 });
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

/** Settling by hand is left out: nobody else may act at the same time then, and that is up to people. */
const MEANWHILE: readonly Act[] = [
  'place again',
  'cancel',
  'cancel as operator',
  'resume',
  'reconcile',
  'stop',
];
const CALLERS = [
  ...TASKS.slice(0, -PUBLICATIONS.length),
  'PlaceOrder',
  'ParkOrder',
  'ResumeOrder',
  'CancelOrder',
  'RecoverOrder',
  'ReconcileOrders',
  'ProjectOrder',
];
const anyCall: fc.Arbitrary<CallFault> = fc.record({
  function: fc.constantFrom(...CALLERS),
  call: fc.integer({ min: 1, max: 6 }),
  fault: fc.constantFrom(...CALL_FAULT_KINDS),
});

const anyRival: fc.Arbitrary<Rival> = fc.record({
  wish: fc.oneof(
    { weight: 4, arbitrary: fc.constant('happy' as const) },
    { weight: 1, arbitrary: fc.constantFrom('declined' as const, 'undeliverable' as const) },
  ),
  quantity: fc.integer({ min: 1, max: 3 }),
  requests: fc.integer({ min: 1, max: 2 }),
  faults: fc.array(anyFault, { maxLength: 3 }),
  acts: fc.array(fc.constantFrom(...MEANWHILE), { maxLength: 2 }),
  calls: fc.array(anyCall, { maxLength: 1 }),
});

const anyContest: fc.Arbitrary<Contest> = fc.record({
  available: fc.integer({ min: 0, max: 12 }),
  orders: fc.array(anyRival, { minLength: 1, maxLength: 12 }),
});

/** SKUs put on sale ahead, one for each contest: shrinking takes more contests than there are runs. */
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

/** A rival in a contest, with its order and those who act on it. */
interface Contender {
  readonly rival: Rival;
  readonly placing: Placing;
  readonly customer: Customer;
}

const enter = async (shop: Shop, { rival, placing, customer }: Contender): Promise<Violation[]> => {
  shop.stack.calls.watch(placing.order.orderId, rival.calls);
  const placed = await place(shop, placing, rival.requests);
  for (const act of rival.acts) await ACTS[act](customer);
  return placed;
};

const hold = async (
  shop: FollowedShop,
  { available, orders }: Contest,
  number: number,
): Promise<Violation[]> => {
  const sku = skuOf(number);
  await stockUp(shop, sku, available);
  const violations: Violation[] = [];
  const cancelling = new Set<string>();
  const contenders = orders.map((rival, index): Contender => {
    const { wish, quantity, faults, acts, calls } = rival;
    const key = `contest-${number}-${index}`;
    const orderId = orderIdOf(key);
    const said = [...acts, ...calls.map((call) => `${call.function} call ${call.call} ${call.fault}`)];
    const order: PlacedOrder = {
      orderId,
      plan: [planOf(wish, faults).id, ...said].join(', '),
      items: [{ sku, quantity }],
      totalCents: quantity * MUG.unitPriceCents,
    };
    const placing: Placing = { key, wish, faults, order };
    const customer: Customer = {
      shop,
      orderId,
      rivalId: orderId,
      place: () => askFor(shop, placing),
      onWrong: (what) => violations.push(violationOf('people are answered as they should be', order, what)),
      isContested: () => true,
      onCancelling: () => cancelling.add(orderId),
    };
    return { rival, placing, customer };
  });
  const placings = contenders.map(({ placing }) => placing);
  const all = placings.map(({ order }) => order);
  const initialStock = new Map([[sku, available]]);
  const bringAllToEnd = async () => {
    const ended = await bringToEnd(shop, placings, initialStock);
    violations.push(...ended.violations);
    return ended.worlds;
  };

  violations.push(...(await Promise.all(contenders.map((each) => enter(shop, each)))).flat());
  await shop.settle();
  for (const { orderId } of all) shop.stack.calls.release(orderId);
  await bringAllToEnd();
  for (const { customer } of contenders)
    if ((await recordOf(customer))?.openSince) await ACTS.reconcile(customer);
  const worlds = await bringAllToEnd();
  const kept = worlds.orders.filter(
    ({ orderId, outcome }) => cancelling.has(orderId) && outcome?.status === 'CONFIRMED',
  );
  return [
    ...violations,
    ...all
      .filter(({ orderId }) => kept.some((record) => record.orderId === orderId))
      .map((order) => violationOf('an order that is being cancelled is cancelled', order, 'it is CONFIRMED')),
    ...violationsAtTheEnd({ worlds, orders: all, initialStock }),
    ...lostEvents(shop, all),
    ...unmodelledTraces(shop, all),
  ];
};

export interface RandomReport {
  readonly contests: number;
  readonly violations: readonly Violation[];
  /** The smallest contest found that fails. */
  readonly failing?: Contest;
}

/** Runs random contests; shrinks one that fails to the smallest that still does. */
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
