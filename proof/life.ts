import { setTimeout as delay } from 'node:timers/promises';
import type { Call, CallFault } from '../local/faults/calls.ts';
import { MUG, type Shop } from '../testbed/shop.ts';
import { ASKED } from '../testbed/wishes.ts';
import { ACTS, type Act, type Customer, place, recordOf } from './acts.ts';
import { wrongAtRest } from './at-rest.ts';
import type { PlacedOrder, Violation } from './invariants.ts';
import { askFor, orderIdOf, violationOf } from './operator.ts';
import { SCENARIOS } from './scenarios.ts';

/** An order that goes through a scenario, and what goes wrong with its calls. */
export interface Life {
  readonly scenario: string;
  readonly faults: readonly CallFault[];
  /** The plan's id, for a reader of its violations. */
  readonly plan: string;
  /** Identifies a life within its shop, and the SKU that it has for itself. */
  readonly number: number;
}

/** The stock of an order's own SKU, besides the piece that its neighbour has. */
export const OWN_STOCK = 3;
export const ownSku = (number: number) => `OWN-${number}`;

/** How often an order is helped to its end: more than any needs. */
const HELPS = 8;
/** Longer than a function may take, on a busy machine too. */
const STUCK_AFTER_MS = 60_000;

const orderOf = (life: Life, key: string, items: PlacedOrder['items']): PlacedOrder => ({
  orderId: orderIdOf(key),
  plan: life.plan,
  items,
  totalCents: items.reduce((sum, { quantity }) => sum + quantity * MUG.unitPriceCents, 0),
});

const isConfirmed = (outcome: unknown) =>
  (outcome as { status?: string } | undefined)?.status === 'CONFIRMED';

export interface Lived {
  /** The order, and its rival where it has one. */
  readonly orders: readonly PlacedOrder[];
  readonly violations: readonly Violation[];
  /**
   * The calls about the order, in sequence, until nothing more is done with it: one list from each rest to the next.
   */
  readonly calls: readonly (readonly Call[])[];
  readonly unreached: readonly CallFault[];
}

/** One order's life, from its placement to its end, and what is wrong on the way. */
export const live = async (shop: Shop, life: Life): Promise<Lived> => {
  const { wish, paymentMethod, faults, atStripe, acts, isUntold, isScarce, isHurried, meanwhile } = SCENARIOS[
    life.scenario
  ] as NonNullable<(typeof SCENARIOS)[string]>;
  const { stack } = shop;
  const key = `life-${life.number}`;
  const rivalKey = `rival-${life.number}`;
  const sku = ownSku(life.number);
  const order = orderOf(life, key, [{ sku, quantity: 2 }, ...(ASKED[wish]?.items ?? [])]);
  const rival = orderOf(life, rivalKey, [{ sku, quantity: OWN_STOCK }]);
  const { orderId } = order;
  const violations: Violation[] = [];
  let isContested = false;
  let isCancelling = false;
  const customer: Customer = {
    shop,
    orderId,
    rivalId: rival.orderId,
    place: () => askFor(shop, { wish, key, order, paymentMethod }),
    onWrong: (what) => violations.push(violationOf('people are answered as they should be', order, what)),
    isContested: () => isContested,
    onCancelling: () => {
      isCancelling = true;
    },
  };

  const settled = async (id: string): Promise<void> => {
    const since = Date.now();
    while (stack.underWay(id) > 0) {
      if (Date.now() - since > STUCK_AFTER_MS)
        return void violations.push(violationOf('everything comes to rest', order, 'it does not'));
      await delay(5);
    }
  };
  /** Waits until nothing goes on by itself, then looks at what must hold. */
  const rest = async (isOver = false): Promise<void> => {
    await settled(orderId);
    const held = stack.calls.held(orderId);
    if (held && (held !== 'late-end' || isOver)) {
      stack.calls.release(orderId);
      await settled(orderId);
    }
    for (const [invariant, problem] of await wrongAtRest(customer, sku, OWN_STOCK)) {
      const found = violationOf(invariant, order, problem);
      // What stays wrong is reported once.
      if (!violations.some(({ message }) => message === found.message)) violations.push(found);
    }
  };
  const act = (name: Act): Promise<void> => ACTS[name](customer);
  const calls: (readonly Call[])[] = [];
  const noteCalls = () => calls.push(stack.calls.of(orderId).slice(calls.flat().length));

  if (isScarce) {
    await askFor(shop, { wish: 'happy', key: rivalKey, order: rival });
    await settled(rival.orderId);
  }
  stack.calls.watch(orderId, life.faults, meanwhile && (() => act(meanwhile.act)));
  stack.faults.add(faults.map((fault) => ({ ...fault, orderId })));
  stack.stripe?.faults.add(...(atStripe ?? []).map((fault) => ({ ...fault, orderId })));
  if (isUntold) stack.loseStatusChanges(true, orderId);

  await place(customer);
  if (!isHurried) {
    await rest();
    noteCalls();
  }
  for (const names of acts) {
    const together = [names].flat();
    isContested = together.length > 1;
    await Promise.all(together.map(act));
    isContested = false;
    await settled(rival.orderId);
    await rest();
    noteCalls();
  }
  await rest(true);
  noteCalls();
  for (let helps = 0; helps < HELPS; helps += 1) {
    const { parkedAt, openSince } = (await recordOf(customer)) ?? {};
    // After a violation it need not end.
    if ((!parkedAt && !openSince) || violations.length > 0) break;
    await act(parkedAt ? 'keep' : 'reconcile');
    await rest(true);
  }
  const { outcome } = (await recordOf(customer)) ?? {};
  if (isCancelling && !SCENARIOS[life.scenario]?.acts.includes('keep') && isConfirmed(outcome))
    violations.push(violationOf('an order that is being cancelled is cancelled', order, 'it is CONFIRMED'));
  return {
    orders: [order, ...(isScarce ? [rival] : [])],
    violations,
    calls,
    unreached: stack.calls.pending(orderId),
  };
};
