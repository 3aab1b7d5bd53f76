import { describe, expect, it } from '@jest/globals';
import { type PlacedOrder, violationsAtTheEnd, violationsWhileParked } from '../../proof/invariants.ts';
import type { Worlds } from '../../proof/worlds.ts';

const items = [{ sku: 'MUG', quantity: 2 }];
const order: PlacedOrder = {
  orderId: 'ord_1',
  plan: 'happy: what went wrong',
  totalCents: 2500,
  items,
  expected: { end: 'CONFIRMED' },
};
const initialStock = new Map([['MUG', 10]]);

/** A confirmed order, as all of them see it. */
const confirmed: Worlds = {
  charges: [{ orderId: 'ord_1', chargedCents: 2500, refundedCents: 0 }],
  stock: [{ sku: 'MUG', available: 8 }],
  parcels: [{ reference: 'ord_1', status: 'BOOKED' }],
  mails: [{ eventId: 'ord_1#OrderConfirmed' }],
  payments: [{ orderId: 'ord_1', state: 'CHARGED' }],
  reservations: [{ orderId: 'ord_1', state: 'RESERVED', items }],
  shipments: [{ orderId: 'ord_1', state: 'CREATED' }],
  orders: [{ orderId: 'ord_1', outcome: { status: 'CONFIRMED' } }],
  events: [{ type: 'OrderConfirmed', eventId: 'ord_1#OrderConfirmed', orderId: 'ord_1' }],
};

/** The same order, undone. */
const cancelled: Worlds = {
  charges: [{ orderId: 'ord_1', chargedCents: 2500, refundedCents: 2500 }],
  stock: [{ sku: 'MUG', available: 10 }],
  parcels: [{ reference: 'ord_1', status: 'CANCELLED' }],
  mails: [{ eventId: 'ord_1#OrderCancelled' }],
  payments: [{ orderId: 'ord_1', state: 'REFUNDED' }],
  reservations: [{ orderId: 'ord_1', state: 'RELEASED', items }],
  shipments: [{ orderId: 'ord_1', state: 'CANCELLED' }],
  orders: [{ orderId: 'ord_1', outcome: { status: 'CANCELLED', reason: 'States.Timeout' } }],
  events: [{ type: 'OrderCancelled', eventId: 'ord_1#OrderCancelled', orderId: 'ord_1' }],
};
const undone: PlacedOrder = { ...order, expected: { end: 'CANCELLED', reason: 'States.Timeout' } };

const atTheEnd = (placed: PlacedOrder, worlds: Worlds, wrong: Partial<Worlds> = {}) =>
  violationsAtTheEnd({ worlds: { ...worlds, ...wrong }, orders: [placed], initialStock });
const invariantsOf = (found: ReturnType<typeof atTheEnd>) => found.map(({ invariant }) => invariant);

describe('at the end', () => {
  it('all is well with an order that is confirmed, or undone', () => {
    expect(atTheEnd(order, confirmed)).toEqual([]);
    expect(atTheEnd(undone, cancelled)).toEqual([]);
    const repeated = { events: [...confirmed.events, ...confirmed.events] };
    expect(atTheEnd(order, confirmed, repeated)).toEqual([]);
    const neverBegun = { charges: [], parcels: [], payments: [], shipments: [], reservations: [] };
    expect(atTheEnd(undone, cancelled, neverBegun)).toEqual([]);
  });

  it('all is well with an order that was kept as its parcel had left, and of which that is told', () => {
    const keeping = `ord_1#OrderKept#2026-01-15T09:36:00.000Z`;
    const kept: Partial<Worlds> = {
      parcels: [{ reference: 'ord_1', status: 'DISPATCHED' }],
      shipments: [{ orderId: 'ord_1', state: 'KEPT' }],
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
    const free = { charges: [] };
    expect(atTheEnd({ ...order, totalCents: 0 }, confirmed, free)).toEqual([]);
    expect(atTheEnd({ ...undone, totalCents: 0 }, cancelled, free)).toEqual([]);
    expect(invariantsOf(atTheEnd(order, confirmed, free))).toContain(
      'the payment ledger agrees with the provider',
    );
    const unpaid = { ...free, payments: [{ orderId: 'ord_1', state: 'REFUNDED' }] };
    expect(invariantsOf(atTheEnd({ ...order, totalCents: 0 }, confirmed, unpaid))).toEqual([
      'the payment ledger agrees with the provider',
    ]);
  });

  const MONEY = 'money: charged minus refunded is the total if confirmed, else 0';
  const STOCK = 'stock: available, reserved and sold are constant, and never negative';
  const PARCEL = 'a parcel for a confirmed order, one, and for no other';
  const COMPLETION = 'one completion event id an order, and of its end';
  const ENDS = 'every order ends as its faults allow';
  const SHIPMENT = 'the shipment ledger agrees with the carrier';
  const PAYMENT = 'the payment ledger agrees with the provider';
  const RESERVATION = 'the reservation agrees with the end';

  it.each<[string, Partial<Worlds>, string]>([
    ['charged twice', { charges: [...confirmed.charges, ...confirmed.charges] }, MONEY],
    ['charged too little', { charges: [{ orderId: 'ord_1', chargedCents: 1, refundedCents: 0 }] }, MONEY],
    ['goods gone', { stock: [{ sku: 'MUG', available: 7 }] }, STOCK],
    ['goods too many', { stock: [{ sku: 'MUG', available: 9 }] }, STOCK],
    ['two parcels', { parcels: [...confirmed.parcels, ...confirmed.parcels] }, PARCEL],
    ['no mail', { mails: [] }, 'one mail an order'],
    ['published twice', { events: [...confirmed.events, ...cancelled.events] }, COMPLETION],
    ['published as something else', { events: cancelled.events }, COMPLETION],
    ['not published', { events: [] }, COMPLETION],
    ['a ledger that lies about money', { payments: cancelled.payments }, PAYMENT],
    ['a ledger that never finished', { payments: [{ orderId: 'ord_1', state: 'CHARGING' }] }, PAYMENT],
    ['a ledger that lies about parcels', { shipments: cancelled.shipments }, SHIPMENT],
    ['a reservation let go', { reservations: cancelled.reservations }, RESERVATION],
  ])('a confirmed order: %s', (_, wrong, invariant) => {
    const found = atTheEnd(order, confirmed, wrong);
    expect(invariantsOf(found)).toEqual([invariant]);
    expect(found[0]?.message).toContain('happy: what went wrong');
  });

  it.each<[string, Partial<Worlds>, string[]]>([
    ['money kept', { charges: confirmed.charges }, [MONEY, PAYMENT]],
    ['a parcel on its way', { parcels: confirmed.parcels }, [PARCEL, SHIPMENT]],
    ['goods held', { reservations: confirmed.reservations }, [RESERVATION]],
    ['goods not put back', { stock: confirmed.stock }, [STOCK]],
    ['an undo that never finished', { payments: [{ orderId: 'ord_1', state: 'REFUNDING' }] }, [PAYMENT]],
    [
      'undone for another reason',
      { orders: [{ orderId: 'ord_1', outcome: { status: 'CANCELLED', reason: 'Other' } }] },
      [ENDS],
    ],
  ])('an undone order: %s', (_, wrong, invariants) => {
    expect(invariantsOf(atTheEnd(undone, cancelled, wrong))).toEqual(invariants);
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
    expect(whileParked({ charges: cancelled.charges })).toEqual(['nothing ships unpaid, while parked']);
    expect(whileParked({ events: cancelled.events })).toEqual([
      'nothing is published of an order that is not undone',
    ]);
    expect(whileParked({ stock: cancelled.stock })).toHaveLength(1);
  });
});
