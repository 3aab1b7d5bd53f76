import { describe, expect, it } from '@jest/globals';
import { bookOf, EFFECT_NAMES, type Effect, effectOf } from '../../proof/effects.ts';
import { type PlacedOrder, violationsAtTheEnd, violationsWhileParked } from '../../proof/invariants.ts';
import type { EffectRows, Worlds } from '../../proof/worlds.ts';
import { BOOK_ROWS } from './book-rows.ts';

const items = [{ sku: 'MUG', quantity: 2 }];
const order: PlacedOrder = {
  orderId: 'ord_1',
  plan: 'happy: what went wrong',
  totalCents: 2500,
  items,
  expected: { end: 'CONFIRMED' },
};
const initialStock = new Map([['MUG', 10]]);

const entry = (state: string) => [{ orderId: 'ord_1', state }];
const everyEffect = (of: (effect: Effect) => EffectRows) =>
  Object.fromEntries(EFFECT_NAMES.map((effect) => [effect, of(effect)])) as Worlds['effects'];

/** A confirmed order, as all of them see it. */
const confirmed: Worlds = {
  effects: everyEffect((effect) => ({
    ledger: entry(effectOf(effect).ledger.states.done),
    book: [BOOK_ROWS[effect].standing],
  })),
  stock: [{ sku: 'MUG', available: 8 }],
  mails: [{ eventId: 'ord_1#OrderConfirmed' }],
  reservations: [{ orderId: 'ord_1', state: 'RESERVED', items }],
  orders: [{ orderId: 'ord_1', outcome: { status: 'CONFIRMED' } }],
  events: [{ type: 'OrderConfirmed', eventId: 'ord_1#OrderConfirmed', orderId: 'ord_1' }],
};

/** The same order, undone. */
const cancelled: Worlds = {
  effects: everyEffect((effect) => ({
    ledger: entry(effectOf(effect).ledger.states.undone),
    book: [BOOK_ROWS[effect].takenBack],
  })),
  stock: [{ sku: 'MUG', available: 10 }],
  mails: [{ eventId: 'ord_1#OrderCancelled' }],
  reservations: [{ orderId: 'ord_1', state: 'RELEASED', items }],
  orders: [{ orderId: 'ord_1', outcome: { status: 'CANCELLED', reason: 'States.Timeout' } }],
  events: [{ type: 'OrderCancelled', eventId: 'ord_1#OrderCancelled', orderId: 'ord_1' }],
};
const undone: PlacedOrder = { ...order, expected: { end: 'CANCELLED', reason: 'States.Timeout' } };

const atTheEnd = (placed: PlacedOrder, worlds: Worlds, wrong: Partial<Worlds> = {}) =>
  violationsAtTheEnd({ worlds: { ...worlds, ...wrong }, orders: [placed], initialStock });
/** The same worlds, but for one effect. */
const but = ({ effects }: Worlds, effect: Effect, rows: Partial<EffectRows>): Partial<Worlds> => ({
  effects: { ...effects, [effect]: { ...effects[effect], ...rows } },
});
const invariantsOf = (found: ReturnType<typeof atTheEnd>) => found.map(({ invariant }) => invariant);

describe('at the end', () => {
  it('all is well with an order that is confirmed, or undone', () => {
    expect(atTheEnd(order, confirmed)).toEqual([]);
    expect(atTheEnd(undone, cancelled)).toEqual([]);
    const repeated = { events: [...confirmed.events, ...confirmed.events] };
    expect(atTheEnd(order, confirmed, repeated)).toEqual([]);
    const neverBegun = { effects: everyEffect(() => ({ ledger: [], book: [] })), reservations: [] };
    expect(atTheEnd(undone, cancelled, neverBegun)).toEqual([]);
  });

  it('all is well with an order that was kept as its parcel had left, and of which that is told', () => {
    const keeping = `ord_1#OrderKept#2026-01-15T09:36:00.000Z`;
    const kept: Partial<Worlds> = {
      ...but(confirmed, 'shipment', {
        ledger: entry('KEPT'),
        book: [{ ...BOOK_ROWS.shipment.standing, status: 'DISPATCHED' }],
      }),
      orders: [{ orderId: 'ord_1', outcome: { status: 'CONFIRMED', isKept: true } }],
      events: [...confirmed.events, { type: 'OrderKept', eventId: keeping, orderId: 'ord_1' }],
      mails: [...confirmed.mails, { eventId: keeping }],
    };
    expect(atTheEnd(order, confirmed, kept)).toEqual([]);
    const { events, mails, ...untold } = kept;
    expect(invariantsOf(atTheEnd(order, confirmed, untold))).toEqual([
      'one completion event id an order, and of its end',
      'one mail an order',
    ]);
    const { orders, ...told } = kept;
    expect(invariantsOf(atTheEnd(order, confirmed, told))).toContain(
      'one completion event id an order, and of its end',
    );
  });

  it('all is well with a free order of which the provider has never heard, and with no other', () => {
    const free = but(confirmed, 'payment', { book: [] });
    expect(atTheEnd({ ...order, totalCents: 0 }, confirmed, free)).toEqual([]);
    expect(
      atTheEnd({ ...undone, totalCents: 0 }, cancelled, but(cancelled, 'payment', { book: [] })),
    ).toEqual([]);
    expect(invariantsOf(atTheEnd(order, confirmed, free))).toContain(
      'the payment ledger agrees with the provider',
    );
    const unpaid = but(confirmed, 'payment', { book: [], ledger: entry('REFUNDED') });
    expect(invariantsOf(atTheEnd({ ...order, totalCents: 0 }, confirmed, unpaid))).toEqual([
      'the payment ledger agrees with the provider',
    ]);
  });

  const MONEY = 'money: charged minus refunded is the total if confirmed, else 0';
  const STOCK = 'stock: available, reserved and sold are constant, and never negative';
  const COMPLETION = 'one completion event id an order, and of its end';
  const ENDS = 'every order ends as its faults allow';
  const oneOf = (effect: Effect) => `${effect}: one for a confirmed order, and none for another`;
  const agrees = (effect: Effect) => `the ${effect} ledger agrees with the ${bookOf(effect)}`;
  /** Money is counted too. */
  const counted = (effect: Effect, ...invariants: readonly string[]) =>
    effect === 'payment' ? [MONEY, ...invariants] : invariants;
  const RESERVATION = 'the reservation agrees with the end';

  it.each<[string, Partial<Worlds>, string]>([
    [
      'charged too little',
      but(confirmed, 'payment', { book: [{ ...BOOK_ROWS.payment.standing, chargedCents: 1 }] }),
      MONEY,
    ],
    ['goods gone', { stock: [{ sku: 'MUG', available: 7 }] }, STOCK],
    ['goods too many', { stock: [{ sku: 'MUG', available: 9 }] }, STOCK],
    ['no mail', { mails: [] }, 'one mail an order'],
    ['published twice', { events: [...confirmed.events, ...cancelled.events] }, COMPLETION],
    ['published as something else', { events: cancelled.events }, COMPLETION],
    ['not published', { events: [] }, COMPLETION],
    ['a reservation let go', { reservations: cancelled.reservations }, RESERVATION],
  ])('a confirmed order: %s', (_, wrong, invariant) => {
    const found = atTheEnd(order, confirmed, wrong);
    expect(invariantsOf(found)).toEqual([invariant]);
    expect(found[0]?.message).toContain('happy: what went wrong');
  });

  it.each<[string, Partial<Worlds>, string[]]>([
    ['goods held', { reservations: confirmed.reservations }, [RESERVATION]],
    ['goods not put back', { stock: confirmed.stock }, [STOCK]],
    [
      'undone for another reason',
      { orders: [{ orderId: 'ord_1', outcome: { status: 'CANCELLED', reason: 'Other' } }] },
      [ENDS],
    ],
  ])('an undone order: %s', (_, wrong, invariants) => {
    expect(invariantsOf(atTheEnd(undone, cancelled, wrong))).toEqual(invariants);
  });

  it.each(EFFECT_NAMES)('of the %s there is one, or none, and its ledger knows', (effect) => {
    const { standing } = BOOK_ROWS[effect];
    const { doing, undoing } = effectOf(effect).ledger.states;
    const wrongly = (wrong: Partial<EffectRows>) =>
      invariantsOf(atTheEnd(order, confirmed, but(confirmed, effect, wrong)));
    expect(wrongly({ book: [standing, standing] })).toEqual(counted(effect, oneOf(effect)));
    expect(wrongly({ ledger: cancelled.effects[effect].ledger })).toEqual([agrees(effect)]);
    expect(wrongly({ ledger: entry(doing) })).toEqual([agrees(effect)]);

    const leftBehind = (wrong: Partial<EffectRows>) =>
      invariantsOf(atTheEnd(undone, cancelled, but(cancelled, effect, wrong)));
    expect(leftBehind({ book: [standing] })).toEqual(counted(effect, oneOf(effect), agrees(effect)));
    expect(leftBehind({ ledger: entry(undoing) })).toEqual([agrees(effect)]);
  });

  it('an order must have ended, and as it should', () => {
    expect(invariantsOf(atTheEnd({ ...order, expected: { end: 'CANCELLED' } }, confirmed))).toEqual([ENDS]);
    const parked = { orders: [{ orderId: 'ord_1', parkedAt: 'now', parking: { state: 'ParkUndo' } }] };
    expect(invariantsOf(atTheEnd(undone, cancelled, parked))).toContain('every order ends');
    expect(invariantsOf(atTheEnd(undone, cancelled, { orders: [] }))).toContain('every order ends');
  });
});

describe('while parked', () => {
  const parked: Worlds = {
    ...confirmed,
    orders: [{ orderId: 'ord_1', parkedAt: 'now', parking: { state: 'ParkUndo' } }],
    events: [],
  };
  const whileParked = (wrong: Partial<Worlds> = {}) =>
    invariantsOf(violationsWhileParked({ worlds: { ...parked, ...wrong }, orders: [order], initialStock }));

  it('a booked parcel is paid for, and nothing is published of what is not undone', () => {
    expect(whileParked()).toEqual([]);
    expect(whileParked(but(parked, 'payment', { book: [BOOK_ROWS.payment.takenBack] }))).toEqual([
      'nothing ships unpaid, while parked',
    ]);
    expect(whileParked({ events: cancelled.events })).toEqual([
      'nothing is published of an order that is not undone',
    ]);
    expect(whileParked({ stock: cancelled.stock })).toHaveLength(1);
  });
});
