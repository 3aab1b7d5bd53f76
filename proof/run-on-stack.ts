import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../local/faults.ts';
import { type PlacedOrder, type Violation, violationsAtTheEnd, violationsWhileParked } from './invariants.ts';
import type { Plan, PlannedFault } from './plan.ts';
import { type Route, routeOf } from './route.ts';
import { PARKINGS, type Wish } from './saga.ts';
import { MUG, openShop, type Shop } from './shop.ts';
import { completionsIn, readWorlds, type Worlds } from './worlds.ts';

/** Workflows, deliveries and late handlers at a time; more would only wait for each other. */
const UNDER_WAY = 60;
/** No plan needs more. */
const RESUMES = 8;
/** Longer than an SDK call may take. */
const STILL_AFTER_MS = 2_500;
/** Longer than a function may take. */
const STUCK_AFTER_MS = 30_000;
const SHARED_SKUS = 8;

/** The id that an order placed under this Idempotency-Key will have, so that faults can name it before it exists. */
export const orderIdOf = (key: string): string =>
  `ord_${createHash('sha256')
    .update(JSON.stringify(['local-customer', key]))
    .digest('hex')
    .slice(0, 26)}`;

/** An order as the runner places it. */
interface Placing {
  readonly plan: Plan;
  readonly order: PlacedOrder & { readonly expected: NonNullable<PlacedOrder['expected']> & Pick<Route, 'resumes'> };
  readonly key: string;
}

const POSTAL_CODES: Partial<Record<Wish, string>> = { undeliverable: '00000' };
const CARDS: Partial<Record<Wish, string>> = { declined: 'pm_card_declined' };
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

const placingOf = (plan: Plan, index: number): Placing => {
  const { end, reason, resumes } = routeOf(plan);
  const key = `plan-${index}`;
  const items = [
    { sku: `OWN-${index}`, quantity: 2 },
    { sku: `SHARED-${index % SHARED_SKUS}`, quantity: 1 },
    ...(plan.wish === 'out of stock' ? [{ sku: GONE, quantity: 1 }] : []),
  ];
  return {
    plan,
    key,
    order: {
      orderId: orderIdOf(key),
      plan: plan.id,
      items,
      totalCents: items.reduce((sum, { quantity }) => sum + quantity * MUG.unitPriceCents, 0),
      expected: { end, resumes, ...(reason && { reason }) },
    },
  };
};

/** A parked workflow that is stopped: whoever waits cannot be befallen by a fault, so the runner does it. */
const isStop = ({ state, fault }: PlannedFault): boolean => fault === 'abort' && PARKINGS.includes(state);

const stop = (shop: Shop, orderId: string) =>
  shop.stack.call('AWSStepFunctions', 'StopExecution', {
    executionArn: `arn:aws:states:us-east-1:000000000000:execution:order-saga-dev-OrderFulfillment:${orderId}`,
  });

const violationOf = (invariant: string, order: PlacedOrder, problem: string): Violation => ({
  invariant,
  order,
  message: `${invariant}: ${order.orderId} (${order.plan}): ${problem}`,
});

const place = async (shop: Shop, { plan, key, order }: Placing): Promise<Violation[]> => {
  const faults = plan.faults.filter((fault) => !isStop(fault));
  shop.stack.faults.add(faults.map((fault): Fault => ({ ...fault, orderId: order.orderId })));
  const body = shop.bodyOf({
    items: order.items,
    ...(CARDS[plan.wish] && { paymentMethod: CARDS[plan.wish] }),
    ...(POSTAL_CODES[plan.wish] && { postalCode: POSTAL_CODES[plan.wish] }),
  });
  const answer = await shop.request('POST', '/orders', body, { 'idempotency-key': key });
  if (answer.status === 202 && answer.body.orderId === order.orderId) return [];
  const problem = `placing was answered ${answer.status} ${JSON.stringify(answer.body)}`;
  return [violationOf('every order is taken', order, problem)];
};

/** What changes as long as anything goes on. */
const activity = ({ stack }: Shop): string => {
  const { invocations, tableAccesses, transitions, events } = stack.counts();
  return JSON.stringify([invocations, tableAccesses, transitions, events, stack.underWay()]);
};

/**
 * Until nothing goes on by itself. A late handler may wait for a parked order to go on: then nothing else moves.
 * @returns whether that came to be
 */
const settle = async (shop: Shop): Promise<boolean> => {
  let last = '';
  let since = Date.now();
  while (shop.stack.underWay() > 0) {
    const now = activity(shop);
    if (now !== last) [last, since] = [now, Date.now()];
    const still = Date.now() - since;
    if (still > STUCK_AFTER_MS) return false;
    if (still > STILL_AFTER_MS && (await parkedIn(shop)).size > 0) return true;
    await delay(5);
  }
  return true;
};

const parkedIn = async (shop: Shop): Promise<ReadonlySet<string>> => {
  const { orders } = await read(shop);
  return new Set(orders.filter(({ parkedAt }) => parkedAt).map(({ orderId }) => orderId));
};

const read = (shop: Shop): Promise<Worlds> =>
  readWorlds(
    (request) => shop.stack.call('DynamoDB_20120810', 'Scan', request),
    completionsIn(shop.stack.published()),
  );

/** What an operator does with parked orders: each goes on, once; or is stopped, if its plan says so, once. */
const operate = async (
  shop: Shop,
  placings: readonly Placing[],
  resumed: Map<string, number>,
  stopped: Set<string>,
): Promise<Violation[]> => {
  const violations: Violation[] = [];
  for (const { order, plan } of placings) {
    const { orderId } = order;
    if (plan.faults.some(isStop) && !stopped.has(orderId)) {
      stopped.add(orderId);
      await stop(shop, orderId);
      continue;
    }
    const { status, body } = await shop.request('POST', `/ops/orders/${orderId}/resume`, {});
    resumed.set(orderId, (resumed.get(orderId) ?? 0) + 1);
    if (status === 202) continue;
    const problem = `resuming was answered ${status} ${JSON.stringify(body)}`;
    violations.push(violationOf('every parked order can be resumed', order, problem));
  }
  return violations;
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
  const orders = placings.map(({ order }) => order);
  const shop = await openShop(products);
  try {
    const violations: Violation[] = [];
    for (const placing of placings) {
      while (shop.stack.underWay() >= UNDER_WAY) await delay(2);
      violations.push(...(await place(shop, placing)));
    }

    const resumed = new Map<string, number>();
    const stopped = new Set<string>();
    let worlds: Worlds;
    for (let round = 0; ; round += 1) {
      if (!(await settle(shop))) {
        const message = `everything comes to rest: for ${STUCK_AFTER_MS / 1_000} s nothing has moved, and ${shop.stack.underWay()} workflows, deliveries or handlers are still under way`;
        violations.push({ invariant: 'everything comes to rest', message });
      }
      worlds = await read(shop);
      const parked = new Set(
        worlds.orders.filter(({ parkedAt }) => parkedAt).map(({ orderId }) => orderId),
      );
      if (parked.size === 0 || round === RESUMES) break;
      violations.push(...violationsWhileParked({ worlds, orders, initialStock }));
      const waiting = placings.filter(({ order }) => parked.has(order.orderId));
      violations.push(...(await operate(shop, waiting, resumed, stopped)));
    }
    violations.push(...violationsAtTheEnd({ worlds, orders, initialStock }));

    for (const { order } of placings) {
      const times = resumed.get(order.orderId) ?? 0;
      const { least, most } = order.expected.resumes;
      if (times >= least && times <= most) continue;
      const problem = `it was resumed ${times} times, not ${least === most ? least : `${least} to ${most}`}`;
      violations.push(violationOf('an order parks as often as its faults say', order, problem));
    }
    const lost = shop.stack.deadLetters().length;
    if (lost > 0)
      violations.push({
        invariant: 'no event is lost',
        message: `no event is lost: ${lost} dead letters: ${JSON.stringify(shop.stack.deadLetters()[0])}`,
      });

    const left = new Set(shop.stack.faults.pending().map(({ orderId }) => orderId));
    return {
      plans: plans.length,
      violations,
      unreachable: placings.filter(({ order }) => left.has(order.orderId)).map(({ plan }) => plan.id),
    };
  } finally {
    await shop.close();
  }
};

