import { KEPT, VOIDED } from '../lambdas/runtime/ledger.ts';
import { bookOf, EFFECT_NAMES, type Effect, effectOf } from './effects.ts';
import type { Worlds } from './worlds.ts';

/** An order that was placed, and what is known of it ahead. */
export interface PlacedOrder {
  readonly orderId: string;
  /** What went wrong with it: the plan, for whoever reads a violation. */
  readonly plan: string;
  readonly totalCents: number;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  /** How it has to end, where that is certain. */
  readonly expected?: { readonly end: string; readonly reason?: string };
}

/** Something that must never be. */
export interface Violation {
  readonly invariant: string;
  /** Absent where it is not one order's: stock is everyone's. */
  readonly order?: PlacedOrder;
  readonly message: string;
}

/** Everything there is of one order. */
interface Facts {
  readonly order: PlacedOrder;
  /** CONFIRMED, CANCELLED, PARKED or NONE. */
  readonly end: string;
  readonly reason: string | undefined;
  /** Where it is parked, if it is. */
  readonly parking: string | undefined;
  /** Charged minus refunded, at the provider. */
  readonly paidCents: number;
  /** What each effect's ledger says, and how many of it stand outside. */
  readonly effects: Readonly<Record<Effect, { readonly entry: string; readonly standing: number }>>;
  readonly reservation: string;
  /** The ids of the events that its customer was told of. */
  readonly mails: readonly string[];
  /** It was to be cancelled when it had been confirmed. */
  readonly wasConfirmed: boolean;
  /** It was, and its parcel had left. */
  readonly isKept: boolean;
  readonly completions: ReadonlySet<string>;
  readonly completionTypes: ReadonlySet<string>;
}

type Check = (facts: Facts) => string | undefined;

const UNDONE_RESERVATIONS = ['RELEASED', 'OUT_OF_STOCK', 'VOIDED', 'none'];

const list = (values: Iterable<string>) => [...values].join(', ') || 'none';

/** The event that says how an order has ended. */
const completionOf = ({ end, isKept }: Pick<Facts, 'end' | 'isKept'>): string => {
  if (end !== 'CONFIRMED') return 'OrderCancelled';
  return isKept ? 'OrderKept' : 'OrderConfirmed';
};
const isOf = (type: string, eventId: string) => eventId.split('#')[1] === type;

const everyEffect = <Value>(of: (effect: Effect) => Value) =>
  Object.fromEntries(EFFECT_NAMES.map((effect) => [effect, of(effect)])) as Record<Effect, Value>;
const forEachEffect = (
  check: (effect: Effect) => readonly [string, Check],
): Readonly<Record<string, Check>> => Object.fromEntries(EFFECT_NAMES.map(check));
/** Of a free order the provider never hears. */
const isDue = (effect: Effect, { totalCents }: PlacedOrder): boolean =>
  effect !== 'payment' || totalCents > 0;

/** What holds for every order that has come to its end. */
const AT_THE_END: Readonly<Record<string, Check>> = {
  'every order ends': ({ end }) =>
    end === 'CONFIRMED' || end === 'CANCELLED' ? undefined : `it has ended as ${end}`,
  'every order ends as its faults allow': ({ order: { expected }, end, reason }) => {
    if (expected && expected.end !== end) return `it is ${end} and should be ${expected.end}`;
    return expected?.reason && expected.reason !== reason
      ? `it is ${end} for ${reason} and should be for ${expected.reason}`
      : undefined;
  },
  'money: charged minus refunded is the total if confirmed, else 0': ({ order, end, paidCents }) => {
    const due = end === 'CONFIRMED' ? order.totalCents : 0;
    return paidCents === due ? undefined : `it is ${end} and has cost ${paidCents} cents, not ${due}`;
  },
  ...forEachEffect((effect) => [
    `${effect}: one for a confirmed order, and none for another`,
    ({ order, end, effects }) => {
      const { standing } = effects[effect];
      const due = end === 'CONFIRMED' && isDue(effect, order) ? 1 : 0;
      return standing === due ? undefined : `it is ${end} and has ${standing}, not ${due}`;
    },
  ]),
  'one completion event id an order, and of its end': ({
    end,
    completions,
    completionTypes,
    wasConfirmed,
    isKept,
  }) => {
    // One that was confirmed, and cancelled or kept since, has both; or but the last, where nobody heard of the first.
    const most = isKept || (end === 'CANCELLED' && wasConfirmed) ? 2 : 1;
    if (completions.size < 1 || completions.size > most)
      return `it has ${completions.size} completion events: ${list(completions)}`;
    return completionTypes.has(completionOf({ end, isKept }))
      ? undefined
      : `it is ${end} and was published as ${list(completionTypes)}`;
  },
  'one mail an order': ({ end, isKept, mails, completions }) =>
    mails.some((id) => isOf(completionOf({ end, isKept }), id)) &&
    mails.length <= Math.max(1, completions.size)
      ? undefined
      : `its customer got ${mails.length} mails: ${list(mails)}`,
  ...forEachEffect((effect) => [
    `the ${effect} ledger agrees with the ${bookOf(effect)}`,
    ({ order, end, effects }) => {
      const { entry, standing } = effects[effect];
      const { done, refused, undone } = effectOf(effect).ledger.states;
      const isDone = isDue(effect, order) ? standing > 0 : end === 'CONFIRMED';
      return (isDone ? [done, KEPT] : [undone, refused, VOIDED, 'none']).includes(entry)
        ? undefined
        : `the ledger says ${entry}, the ${bookOf(effect)} has ${standing}`;
    },
  ]),
  'the reservation agrees with the end': ({ reservation, end }) =>
    (end === 'CONFIRMED' ? reservation === 'RESERVED' : UNDONE_RESERVATIONS.includes(reservation))
      ? undefined
      : `it is ${end} and its reservation ${reservation}`,
};

/** What holds for an order that waits for an operator, already. */
const WHILE_PARKED: Readonly<Record<string, Check>> = {
  'nothing ships unpaid, while parked': ({ order, effects, paidCents }) =>
    effects.shipment.standing > 0 && paidCents !== order.totalCents
      ? `a parcel is booked, and ${paidCents} of ${order.totalCents} cents are paid`
      : undefined,
  'nothing is published of an order that is not undone': ({ parking, completions }) =>
    parking === 'ParkUndo' && completions.size > 0
      ? `it waits for its undo, and was published: ${list(completions)}`
      : undefined,
};

const groupBy = <T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, T[]> =>
  Map.groupBy(items, key);

/** The facts of each order, gathered once. */
const gather = (worlds: Worlds, orders: readonly PlacedOrder[]): Facts[] => {
  const charges = groupBy(worlds.effects.payment.book, ({ orderId }) => String(orderId));
  const mails = groupBy(worlds.mails, ({ eventId }) => eventId.split('#')[0] ?? '');
  const completions = groupBy(worlds.events, ({ orderId }) => orderId);
  const stateIn = (rows: readonly { orderId: string; state: string }[]) => {
    const states = new Map(rows.map(({ orderId, state }) => [orderId, state]));
    return (orderId: string) => states.get(orderId) ?? 'none';
  };
  const reservation = stateIn(worlds.reservations);
  const effects = everyEffect((effect) => {
    const { ledger, book } = worlds.effects[effect];
    const { stands } = effectOf(effect).book;
    const entryOf = stateIn(ledger);
    const standing = groupBy(book.filter(stands), ({ orderId }) => String(orderId));
    return (orderId: string) => ({
      entry: entryOf(orderId),
      standing: standing.get(orderId)?.length ?? 0,
    });
  });
  const records = new Map(worlds.orders.map((record) => [record.orderId, record]));

  return orders.map((order) => {
    const { orderId } = order;
    const record = records.get(orderId);
    const events = completions.get(orderId) ?? [];
    return {
      order,
      end: record?.parkedAt ? 'PARKED' : (record?.outcome?.status ?? 'NONE'),
      reason: record?.outcome?.reason,
      parking: record?.parking?.state,
      paidCents: (charges.get(orderId) ?? []).reduce(
        (sum, { chargedCents = 0, refundedCents = 0 }) => sum + Number(chargedCents) - Number(refundedCents),
        0,
      ),
      effects: everyEffect((effect) => effects[effect](orderId)),
      reservation: reservation(orderId),
      mails: (mails.get(orderId) ?? []).map(({ eventId }) => eventId),
      wasConfirmed: record?.cancelling !== undefined,
      isKept: record?.outcome?.isKept ?? false,
      completions: new Set(events.map(({ eventId }) => eventId)),
      completionTypes: new Set(events.map(({ type }) => type)),
    };
  });
};

const violationsIn = (facts: readonly Facts[], checks: Readonly<Record<string, Check>>): Violation[] =>
  facts.flatMap((each) =>
    Object.entries(checks).flatMap(([invariant, check]) => {
      const problem = check(each);
      const { orderId, plan } = each.order;
      return problem
        ? [{ invariant, order: each.order, message: `${invariant}: ${orderId} (${plan}): ${problem}` }]
        : [];
    }),
  );

const quantities = (
  lines: readonly (readonly { sku: string; quantity: number }[])[],
): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines.flat()) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
};

/**
 * What is on the shelf and what is gone are together what there was at first.
 * @param gone whose goods are not on the shelf
 */
const stockViolations = (
  { stock }: Worlds,
  initial: ReadonlyMap<string, number>,
  gone: ReadonlyMap<string, number>,
  who: (sku: string) => string,
): Violation[] =>
  [...initial].flatMap(([sku, first]) => {
    const available = stock.find((row) => row.sku === sku)?.available ?? 0;
    const taken = gone.get(sku) ?? 0;
    if (available >= 0 && available + taken === first) return [];
    const invariant = 'stock: available, reserved and sold are constant, and never negative';
    const figures = `${available} available and ${taken} reserved or sold, of ${first}`;
    return [{ invariant, message: `${invariant}: ${sku} has ${figures} (${who(sku)})` }];
  });

export interface Premises {
  readonly worlds: Worlds;
  readonly orders: readonly PlacedOrder[];
  /** How much there was of each SKU before the first order. */
  readonly initialStock: ReadonlyMap<string, number>;
}

/** Who ordered a SKU, as long as the list can be read. */
const ordererOf = (orders: readonly PlacedOrder[]) => (sku: string) => {
  const plans = orders.filter(({ items }) => items.some((item) => item.sku === sku)).map(({ plan }) => plan);
  return plans.length > 3 ? `${plans.length} orders` : plans.join('; ');
};

/** Everything that is wrong now that no order is under way or parked any more; nothing, if all is well. */
export const violationsAtTheEnd = ({ worlds, orders, initialStock }: Premises): Violation[] => {
  const facts = gather(worlds, orders);
  const sold = quantities(facts.filter(({ end }) => end === 'CONFIRMED').map(({ order }) => order.items));
  return [
    ...violationsIn(facts, AT_THE_END),
    // By what was sold, not by our own reservations: those could be wrong in the same way.
    ...stockViolations(worlds, initialStock, sold, ordererOf(orders)),
  ];
};

/** Everything that is wrong already while some orders wait for an operator, and nothing else goes on. */
export const violationsWhileParked = ({ worlds, orders, initialStock }: Premises): Violation[] => {
  const parked = gather(worlds, orders).filter(({ parking }) => parking);
  const held = quantities(
    worlds.reservations.filter(({ state }) => state === 'RESERVED').map(({ items }) => items),
  );
  return [
    ...violationsIn(parked, WHILE_PARKED),
    ...stockViolations(worlds, initialStock, held, ordererOf(orders)),
  ];
};
