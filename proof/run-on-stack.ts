import { type Violation, violationsAtTheEnd } from './invariants.ts';
import { bringToEnd, orderIdOf, type Placing, place, violationOf } from './operator.ts';
import type { Plan } from './plan.ts';
import { type Route, routeOf } from './route.ts';
import { MUG, openShop } from './shop.ts';

const SHARED_SKUS = 8;
const GONE = 'GONE';

/** Each order takes a SKU of its own, so that what is wrong with the stock names it, and one that many want. */
const productsFor = (count: number) => [
  { ...MUG, sku: GONE, available: 0 },
  ...Array.from({ length: SHARED_SKUS }, (_, index) => ({
    ...MUG,
    sku: `SHARED-${index}`,
    available: 10_000,
  })),
  ...Array.from({ length: count }, (_, index) => ({ ...MUG, sku: `OWN-${index}`, available: 3 })),
];

/** An order as a plan has it. */
interface PlannedPlacing extends Placing {
  readonly resumes: Route['resumes'];
}

const placingOf = ({ id, wish, faults }: Plan, index: number): PlannedPlacing => {
  const { end, reason, resumes } = routeOf({ wish, faults });
  const key = `plan-${index}`;
  const items = [
    { sku: `OWN-${index}`, quantity: 2 },
    { sku: `SHARED-${index % SHARED_SKUS}`, quantity: 1 },
    ...(wish === 'out of stock' ? [{ sku: GONE, quantity: 1 }] : []),
  ];
  const order = {
    orderId: orderIdOf(key),
    plan: id,
    items,
    totalCents: items.reduce((sum, { quantity }) => sum + quantity * MUG.unitPriceCents, 0),
    expected: { end, ...(reason && { reason }) },
  };
  return { wish, faults, key, order, resumes };
};

export interface Report {
  readonly plans: number;
  readonly violations: readonly Violation[];
  /** Plans with a fault that never came to pass: they have proven nothing. */
  readonly unreachable: readonly string[];
}

/** Runs every plan on one stack, and looks at what has become of its order. */
export const runOnOneStack = async (plans: readonly Plan[]): Promise<Report> => {
  const products = productsFor(plans.length);
  const initialStock = new Map(products.map(({ sku, available }) => [sku, available]));
  const placings = plans.map(placingOf);
  const shop = await openShop(products);
  try {
    const violations: Violation[] = [];
    for (const placing of placings) violations.push(...(await place(shop, placing)));
    const ended = await bringToEnd(shop, placings, initialStock);
    violations.push(...ended.violations);
    const orders = placings.map(({ order }) => order);
    violations.push(...violationsAtTheEnd({ worlds: ended.worlds, orders, initialStock }));

    for (const { order, resumes } of placings) {
      const times = ended.resumed.get(order.orderId) ?? 0;
      const { least, most } = resumes;
      if (times >= least && times <= most) continue;
      const due = least === most ? `${least}` : `${least} to ${most}`;
      const problem = `it was resumed ${times} times, not ${due}`;
      violations.push(violationOf('an order parks as often as its faults say', order, problem));
    }
    const lost = shop.stack.deadLetters();
    if (lost.length > 0) {
      const invariant = 'no event is lost';
      const message = `${invariant}: ${lost.length} dead letters, the first ${JSON.stringify(lost[0])}`;
      violations.push({ invariant, message });
    }

    const left = new Set(shop.stack.faults.pending().map(({ orderId }) => orderId));
    const unreachable = placings.filter(({ order }) => left.has(order.orderId));
    return { plans: plans.length, violations, unreachable: unreachable.map(({ order }) => order.plan) };
  } finally {
    await shop.close();
  }
};
