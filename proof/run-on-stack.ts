import { MUG, type Shop, WISHED } from '../testbed/shop.ts';
import { ASKED } from '../testbed/wishes.ts';
import { type Violation, violationsAtTheEnd } from './invariants.ts';
import { settleNeighbours } from './neighbours.ts';
import {
  bringToEnd,
  type Conditions,
  lostEvents,
  openWarmShop,
  orderIdOf,
  type Placing,
  place,
  unmodelledTraces,
  violationOf,
} from './operator.ts';
import { pathOf } from './path.ts';
import type { Plan } from './plan.ts';
import { type Route, routeOf } from './route.ts';

const SHARED_SKUS = 8;

/**
 * Each order takes a SKU that only a neighbour wants as well, so that a wrong stock points to it, and one that many
 * want.
 */
const productsFor = (count: number) => [
  ...WISHED,
  ...Array.from({ length: SHARED_SKUS }, (_, index) => ({
    ...MUG,
    sku: `SHARED-${index}`,
    available: 10_000,
  })),
  ...Array.from({ length: count }, (_, index) => ({ ...MUG, sku: `OWN-${index}`, available: 4 })),
];

/** A plan's order, and the route it must take. */
interface PlannedPlacing extends Placing {
  readonly route: Route;
}

/** What is wrong with the path that an order took, and with how often it had to be resumed. */
const deviations = async (
  shop: Shop,
  { order, route: { tasks, resumes, mayBeKnown } }: PlannedPlacing,
  resumed: number,
): Promise<Violation[]> => {
  const { least, most } = resumes;
  const path = await pathOf(shop, order.orderId);
  // If its end was published and its workflow could not know that, it may wait for ever and do no harm.
  const due = least === most && !mayBeKnown ? tasks : tasks.slice(0, path.length);
  const [shown, shownDue] = [path.join(' > '), due.join(' > ')];
  return [
    ...(resumed < least || resumed > most
      ? [violationOf('an order parks as its faults say', order, `resumed ${resumed} times, not ${least}`)]
      : []),
    ...(shown !== shownDue
      ? [violationOf('an order takes the path its faults lead to', order, `${shown}, not ${shownDue}`)]
      : []),
  ];
};

const placingOf = ({ id, wish, faults }: Plan, index: number): PlannedPlacing => {
  const route = routeOf({ wish, faults });
  const { end, reason } = route;
  const key = `plan-${index}`;
  const items = [
    { sku: `OWN-${index}`, quantity: 2 },
    { sku: `SHARED-${index % SHARED_SKUS}`, quantity: 1 },
    ...(ASKED[wish]?.items ?? []),
  ];
  const order = {
    orderId: orderIdOf(key),
    plan: id,
    items,
    totalCents: items.reduce((sum, { quantity }) => sum + quantity * MUG.unitPriceCents, 0),
    expected: { end, ...(reason && { reason }) },
  };
  return { wish, faults, key, order, route };
};

export interface Report {
  readonly plans: number;
  readonly violations: readonly Violation[];
  /** Plans with a fault that was never reached: they have proven nothing. */
  readonly unreachable: readonly string[];
}

/** Runs every plan on one stack, and looks at what became of its order. */
export const runOnOneStack = async (plans: readonly Plan[], conditions?: Conditions): Promise<Report> => {
  const products = productsFor(plans.length);
  const initialStock = new Map(products.map(({ sku, available }) => [sku, available]));
  const placings = plans.map(placingOf);
  const shop = await openWarmShop(products, conditions);
  try {
    const violations: Violation[] = [];
    const neighbours = await settleNeighbours(
      shop,
      products.filter(({ available }) => available > 0).map(({ sku }) => sku),
    );
    for (const placing of placings) violations.push(...(await place(shop, placing)));
    const ended = await bringToEnd(shop, placings, initialStock);
    violations.push(...ended.violations);
    const orders = [...neighbours.orders, ...placings.map(({ order }) => order)];
    violations.push(...(await neighbours.disturbed()));
    violations.push(...violationsAtTheEnd({ worlds: ended.worlds, orders, initialStock }));

    for (const placing of placings)
      violations.push(...(await deviations(shop, placing, ended.resumed.get(placing.order.orderId) ?? 0)));
    violations.push(...lostEvents(shop, orders), ...unmodelledTraces(shop, orders));

    const left = new Set(shop.stack.faults.pending().map(({ orderId }) => orderId));
    const unreachable = placings.filter(({ order, route }) => left.has(order.orderId) && !route.mayBeKnown);
    return { plans: plans.length, violations, unreachable: unreachable.map(({ order }) => order.plan) };
  } finally {
    await shop.close();
  }
};
