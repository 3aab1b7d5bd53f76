import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { typeOf } from '../api/problems.ts';
import type { NewProduct } from '../catalogue/product.ts';
import type { AdapterName } from '../configuration/adapters.ts';
import type { Fault } from '../local/faults/faults.ts';
import type { Strictness } from '../local/faults/strictness.ts';
import { CUSTOMER, MUG, openShop, type Shop } from '../testbed/shop.ts';
import { ASKED, type Wish } from '../testbed/wishes.ts';
import { ask } from './acts.ts';
import { wrongOnRecord } from './at-rest.ts';
import { type PlacedOrder, type Premises, type Violation, violationsWhileParked } from './invariants.ts';
import { type Conformance, conformance } from './model/conformance.ts';
import type { PlannedFault } from './plan.ts';
import { PARKINGS } from './saga.ts';
import { completionsIn, readWorlds, type Worlds } from './worlds.ts';

/** How many workflows, deliveries and late handlers at a time: more would only wait for each other. */
const UNDER_WAY = 60;
/** More rounds of resuming than any plan needs. */
const ROUNDS = 10;
/** How often it is looked whether anything has moved. */
const LOOK_EVERY_MS = 5;
/**
 * In looks, not by the clock: on a machine that is busy with something else, who looks waits as long as whoever works.
 * Longer than an SDK call may take, ...
 */
const STILL_AFTER_LOOKS = 500;
/** ... and than a function may take. */
const STUCK_AFTER_LOOKS = 6_000;
/** What stalls until somebody resumes its order is under way, and takes no room from those that move. */
const NOTHING_MOVES_AFTER_LOOKS = 50;

/** The id of an order placed under this Idempotency-Key: faults name it before it exists. */
export const orderIdOf = (key: string): string =>
  `ord_${createHash('sha256')
    .update(JSON.stringify([CUSTOMER, key]))
    .digest('hex')
    .slice(0, 26)}`;

/** What the stack stands on. */
export interface Conditions {
  readonly strictness?: Strictness | undefined;
  readonly payment?: AdapterName<'paymentProvider'> | undefined;
  readonly carrier?: AdapterName<'carrier'> | undefined;
}

/** An order to place, and what is to go wrong with it. */
export interface Placing {
  readonly order: PlacedOrder;
  /** Its Idempotency-Key. */
  readonly key: string;
  readonly wish: Wish;
  readonly faults: readonly PlannedFault[];
}

export const violationOf = (invariant: string, order: PlacedOrder, problem: string): Violation => ({
  invariant,
  order,
  message: `${invariant}: ${order.orderId} (${order.plan}): ${problem}`,
});

/** A text that changes as long as anything goes on. */
const activity = ({ stack }: Shop): string => {
  const { invocations, tableAccesses, transitions, events } = stack.counts();
  return JSON.stringify([invocations, tableAccesses, transitions, events, stack.underWay()]);
};

/**
 * Looks at the stack again and again.
 * @param verdict of so many looks since anything moved; undefined: look again
 */
const lookOn = async (
  shop: Shop,
  verdict: (still: number) => boolean | undefined | Promise<boolean | undefined>,
): Promise<boolean> => {
  let last = '';
  for (let still = 0; ; still += 1) {
    const now = activity(shop);
    if (now !== last) [last, still] = [now, 0];
    const found = await verdict(still);
    if (found !== undefined) return found;
    await delay(LOOK_EVERY_MS);
  }
};

/** Whether a parked workflow is to be stopped: no fault hits a task that waits, so we do it. */
const isStop = ({ state, fault }: PlannedFault): boolean => fault === 'abort' && PARKINGS.includes(state);

/** Places the order. Its faults must have been planned. */
export const askFor = (
  shop: Shop,
  {
    wish,
    key,
    order,
    paymentMethod,
  }: Pick<Placing, 'wish' | 'key' | 'order'> & { paymentMethod?: string | undefined },
) => {
  const body = shop.bodyOf({
    ...ASKED[wish],
    ...(paymentMethod !== undefined && { paymentMethod }),
    items: order.items,
  });
  // The correlation id also marks calls that are not about any order yet.
  return shop.request('POST', '/orders', body, {
    'idempotency-key': key,
    'x-correlation-id': order.orderId,
  });
};

const post = async (shop: Shop, placing: Placing): Promise<Violation[]> => {
  const { order } = placing;
  const answer = await ask(() => askFor(shop, placing));
  if (answer.status === 202 && answer.body.orderId === order.orderId) return [];
  const problem = `placing was answered ${answer.status} ${JSON.stringify(answer.body)}`;
  return [violationOf('every order is taken', order, problem)];
};

/**
 * Places an order with its faults, as soon as there is room for it.
 * @param times how often the client sends the request, all at once
 */
export const place = async (shop: Shop, placing: Placing, times = 1): Promise<Violation[]> => {
  await lookOn(
    shop,
    (still) => shop.stack.underWay() < UNDER_WAY || still > NOTHING_MOVES_AFTER_LOOKS || undefined,
  );
  const { orderId } = placing.order;
  const faults = placing.faults.filter((fault) => !isStop(fault));
  shop.stack.faults.add(faults.map((fault): Fault => ({ ...fault, orderId })));
  return (await Promise.all(Array.from({ length: times }, () => post(shop, placing)))).flat();
};

const stop = async ({ stack }: Shop, orderId: string): Promise<void> => {
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:order-saga-dev-OrderFulfillment:${orderId}`;
  await stack.call('AWSStepFunctions', 'StopExecution', { executionArn });
  const status = async () =>
    ((await stack.call('AWSStepFunctions', 'DescribeExecution', { executionArn })) as { status: string })
      .status;
  // Until its end is known, the workflow does not count as under way.
  while ((await status()) === 'RUNNING') await delay(1);
};

export const worldsOf = ({ stack }: Shop): Promise<Worlds> =>
  readWorlds(
    (request) => stack.call('DynamoDB_20120810', 'Scan', request),
    completionsIn(stack.published()),
    {
      payment: stack.books.charges?.().map((charge) => ({ ...charge })),
      shipment: stack.books.parcels?.().map((parcel) => ({ ...parcel })),
    },
  );

const parkedIn = ({ orders }: Worlds): ReadonlySet<string> =>
  new Set(orders.filter(({ parkedAt }) => parkedAt).map(({ orderId }) => orderId));

/**
 * Waits until nothing goes on by itself. A late handler may wait for a parked order to go on: then nothing else moves.
 * @returns false if nothing moved for too long
 */
const settle = (shop: Shop): Promise<boolean> =>
  lookOn(shop, async (still) => {
    if (shop.stack.underWay() === 0) return true;
    if (still > STUCK_AFTER_LOOKS) return false;
    const mayWait = still > STILL_AFTER_LOOKS && still % STILL_AFTER_LOOKS === 1;
    return (mayWait && parkedIn(await worldsOf(shop)).size > 0) || undefined;
  });

const WARM_UP: readonly (readonly PlannedFault[])[] = [
  [],
  [{ state: 'CreateShipment', attempt: 1, fault: 'error-after' }],
];

/** A shop whose trace the model follows. */
export type FollowedShop = Shop & { readonly model: Conformance };

/**
 * A shop whose functions have all run once: when all threads start together, first calls may time out, which is not
 * what is to be proven.
 */
export const openWarmShop = async (
  products: readonly NewProduct[],
  { strictness, payment, carrier }: Conditions = {},
): Promise<FollowedShop> => {
  const model = conformance();
  const shop = await openShop([...products, MUG], {
    onHappening: model.see,
    ...(strictness && { strictness }),
    payment,
    carrier,
  });
  // A function that starts in the middle of a plan, on a busy machine, looks as if nothing moved.
  await shop.stack.warm();
  for (const faults of WARM_UP) await shop.order({}, faults);
  return { ...shop, model };
};

/** Traces of these orders that are no behaviour of the model. */
export const unmodelledTraces = ({ model }: FollowedShop, orders: readonly PlacedOrder[]): Violation[] =>
  orders.flatMap((order) => {
    const problem = model.problemOf(order.orderId);
    return problem ? [violationOf('the trace is a behaviour of the model', order, problem)] : [];
  });

/** Events of these orders that no listener took. */
export const lostEvents = ({ stack }: Shop, orders: readonly PlacedOrder[]): Violation[] => {
  const ours = new Set(orders.map(({ orderId }) => orderId));
  const lost = stack.deadLetters().filter(({ body }) => {
    const { detail } = (body as { requestPayload: { detail: { data?: { orderId?: string } } } })
      .requestPayload;
    return !detail.data?.orderId || ours.has(detail.data.orderId);
  });
  const invariant = 'no event is lost';
  return lost.length > 0
    ? [
        {
          invariant,
          message: `${invariant}: ${lost.length} dead letters, the first ${JSON.stringify(lost[0])}`,
        },
      ]
    : [];
};

export interface Ended {
  readonly worlds: Worlds;
  readonly violations: readonly Violation[];
  /** How often each order was resumed; absent if it never was. */
  readonly resumed: ReadonlyMap<string, number>;
}

/**
 * Lets every order come to its end: stops what parks, once, if its plan says so, and resumes it as often as it takes.
 */
export const bringToEnd = async (
  shop: Shop,
  placings: readonly Placing[],
  initialStock: Premises['initialStock'],
): Promise<Ended> => {
  const violations: Violation[] = [];
  const resumed = new Map<string, number>();
  const stopped = new Set<string>();
  const orders = placings.map(({ order }) => order);

  const attend = async ({ order, faults }: Placing): Promise<void> => {
    const { orderId } = order;
    if (faults.some(isStop) && !stopped.has(orderId)) {
      stopped.add(orderId);
      return stop(shop, orderId);
    }
    // It is being recovered, and only still on the list: on a busy machine that takes longer than nothing moves.
    if (stopped.has(orderId) && shop.stack.underWay(orderId) > 0) return;
    const { status, body } = await shop.request('POST', `/ops/orders/${orderId}/resume`, {});
    // Whoever recovers what was stopped may be quicker: it was on the list, and waits no more.
    if (stopped.has(orderId) && body.type === typeOf('order-not-parked')) return;
    resumed.set(orderId, (resumed.get(orderId) ?? 0) + 1);
    if (status === 202) return;
    const problem = `resuming was answered ${status} ${JSON.stringify(body)}`;
    violations.push(violationOf('every parked order can be resumed', order, problem));
  };

  const wrongNow = (worlds: Worlds): Violation[] => {
    const records = new Map(worlds.orders.map((record) => [record.orderId, record]));
    return orders.flatMap((order) => {
      const record = records.get(order.orderId);
      const wrong = record ? wrongOnRecord(shop, record) : [];
      return wrong.map(([invariant, problem]) => violationOf(invariant, order, problem));
    });
  };

  for (let round = 1; ; round += 1) {
    const rests = await settle(shop);
    if (!rests) {
      const invariant = 'everything comes to rest';
      const message = `${invariant}: for ${(STUCK_AFTER_LOOKS * LOOK_EVERY_MS) / 1_000} s nothing has moved, and ${shop.stack.underWay()} workflows, deliveries or handlers are still under way`;
      violations.push({ invariant, message });
    }
    const worlds = await worldsOf(shop);
    const parked = parkedIn(worlds);
    const waiting = placings.filter(({ order }) => parked.has(order.orderId));
    if (!rests || waiting.length === 0 || round === ROUNDS)
      return { worlds, violations: [...violations, ...wrongNow(worlds)], resumed };
    violations.push(...violationsWhileParked({ worlds, orders, initialStock }), ...wrongNow(worlds));
    for (const placing of waiting) await attend(placing);
  }
};
