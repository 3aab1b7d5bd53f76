import { wasConfirmed } from '../saga/reasons.ts';
import { money, moneyIn, plural } from './format.ts';
import { type Entry, isOnItsWay, type OrderRow, type Product, type Worlds } from './worlds.ts';

/**
 * `ok`; `settling`, where it does not hold while something is still under way; `waiting`, where a person has to act;
 * `broken`.
 */
export type CheckState = 'ok' | 'settling' | 'waiting' | 'broken';
export interface Check {
  readonly name: string;
  readonly state: CheckState;
  /** What holds, with figures. */
  readonly says: string;
  /** What does not, a sentence each. */
  readonly problems: readonly string[];
}

export interface Situation {
  readonly worlds: Worlds;
  /** With how many of each there were at first. */
  readonly products: readonly Product[];
  /** Workflows, deliveries and late handlers that are still at work. */
  readonly underWay: number;
  /** Deliveries that were given up. */
  readonly deadLetters: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const settledByHand = (entries: readonly Entry[]) =>
  new Set(entries.filter(({ resolution }) => resolution).map(({ orderId }) => orderId));

/** Nothing more will happen to it. */
const hasEnded = ({ outcome, open, parked }: OrderRow) => outcome && !open && !parked;
const isConfirmed = (order: OrderRow) => order.outcome?.status === 'CONFIRMED';

const moneyProblems = ({ charges, payments }: Worlds, ended: readonly OrderRow[]): string[] => {
  const byOrder = Map.groupBy(charges, ({ orderId }) => orderId);
  const byHand = settledByHand(payments);
  return ended
    .filter(({ orderId }) => !byHand.has(orderId))
    .flatMap((order) => {
      const paid = sum(
        (byOrder.get(order.orderId) ?? []).map(
          ({ chargedCents, refundedCents }) => chargedCents - refundedCents,
        ),
      );
      const due = isConfirmed(order) ? order.totalCents : 0;
      return paid === due
        ? []
        : [
            `${order.orderId} has cost ${money(paid, order.currency)}, and should ${money(due, order.currency)}`,
          ];
    });
};

/** What is gone from the shelf: what was sold, and what those hold that have not ended. */
const gone = ({ orders, reservations }: Worlds): Map<string, number> => {
  const ended = new Map(orders.filter(hasEnded).map((order) => [order.orderId, order]));
  const lines = [
    ...[...ended.values()].filter(isConfirmed).flatMap(({ items }) => items),
    ...reservations
      .filter(({ orderId, state }) => state === 'RESERVED' && !ended.has(orderId))
      .flatMap(({ items }) => items),
  ];
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return quantities;
};

const stockProblems = (worlds: Worlds, products: readonly Product[]): string[] => {
  const taken = gone(worlds);
  // Whoever has put goods back by hand has counted them elsewhere.
  const uncounted = new Set(
    worlds.orders
      .filter(({ orderId }) => settledByHand(worlds.reservations).has(orderId))
      .flatMap(({ items }) => items.map(({ sku }) => sku)),
  );
  return products.flatMap(({ sku, available: first }) => {
    const available = worlds.stock.find((row) => row.sku === sku)?.available ?? 0;
    if (available < 0) return [`${sku} is at ${available}`];
    const away = taken.get(sku) ?? 0;
    if (available + away === first || uncounted.has(sku)) return [];
    return [`${sku}: ${available} available and ${away} sold or held, of ${first}`];
  });
};

const parcelProblems = ({ parcels, shipments }: Worlds, ended: readonly OrderRow[]): string[] => {
  const onTheirWay = Map.groupBy(parcels.filter(isOnItsWay), ({ orderId }) => orderId);
  const byHand = settledByHand(shipments);
  return ended
    .filter(({ orderId }) => !byHand.has(orderId))
    .flatMap((order) => {
      const count = onTheirWay.get(order.orderId)?.length ?? 0;
      const due = isConfirmed(order) ? 1 : 0;
      return count === due ? [] : [`${order.orderId} has ${plural(count, 'parcel')}, and should have ${due}`];
    });
};

const endEventOf = ({ outcome }: OrderRow): string => {
  if (outcome?.status === 'CANCELLED') return 'OrderCancelled';
  return outcome?.isKept ? 'OrderKept' : 'OrderConfirmed';
};

const hadBeenConfirmed = ({ outcome }: OrderRow): boolean =>
  outcome?.isKept || wasConfirmed(outcome?.reason ?? '');

/**
 * One mail of the order's end, or none where mail has nowhere to go; before it, one of its confirmation if it was confirmed,
 * and then cancelled or kept.
 */
const mailProblems = ({ mailbox }: Worlds, ended: readonly OrderRow[]): string[] => {
  const byOrder = Map.groupBy(mailbox, (mail) => mail.orderId);
  return ended.flatMap((order) => {
    const { orderId } = order;
    const told = (byOrder.get(orderId) ?? []).map(({ eventId }) => eventId.split('#')[1]);
    const ofItsEnd = told.filter((type) => type === endEventOf(order)).length;
    const before = hadBeenConfirmed(order) ? 1 : 0;
    const isTold = ofItsEnd === 1 || (ofItsEnd === 0 && !order.isReachable);
    return isTold && told.length <= 1 + before
      ? []
      : [`${orderId}: the customer was told of its end ${ofItsEnd} times, in ${plural(told.length, 'mail')}`];
  });
};

/** The invariants, as they can be seen from outside. Orders that are under way or parked are left out until they end. */
export const checksOf = ({ worlds, products, underWay, deadLetters }: Situation): Check[] => {
  const ended = worlds.orders.filter(hasEnded);
  const confirmed = ended.filter(isConfirmed);
  const parked = worlds.orders.filter((order) => order.parked);
  const charged = moneyIn(worlds.charges, ({ chargedCents = 0 }) => chargedCents);
  const refunded = moneyIn(worlds.charges, ({ refundedCents = 0 }) => refundedCents);
  const mails = mailProblems(worlds, ended);

  const check = (name: string, says: string, problems: readonly string[], otherwise: CheckState): Check => {
    const state = problems.length === 0 ? 'ok' : underWay > 0 ? 'settling' : otherwise;
    return { name, state, says, problems };
  };
  return [
    check(
      'Money',
      `${charged} charged, ${refunded} refunded: each confirmed order has cost its total, and no other that ended a cent.`,
      moneyProblems(worlds, ended),
      'broken',
    ),
    check(
      'Stock',
      'What is available, held and sold of each product is what there was at first, and never less than nothing.',
      stockProblems(worlds, products),
      'broken',
    ),
    check(
      'Parcels',
      `One for each of ${plural(confirmed.length, 'confirmed order')}, and for no other.`,
      parcelProblems(worlds, ended),
      'broken',
    ),
    check(
      'Mails',
      `Each of ${plural(ended.length, 'ended order')} has told its customer so, once.`,
      mails,
      deadLetters > 0 ? 'waiting' : 'broken',
    ),
    {
      name: `${parked.length} parked`,
      state: parked.length > 0 ? 'waiting' : 'ok',
      says: 'No order waits for a person.',
      problems: parked.map(({ orderId, parked: state }) => `${orderId} waits in ${state}`),
    },
  ];
};
