import { describe, expect, it } from '@jest/globals';
import { checksOf, type Situation } from '../../console/checks.ts';
import type { OrderRow, Product, Worlds } from '../../console/worlds.ts';

const MUG: Product = { sku: 'MUG', name: 'Mug', unitPriceCents: 1250, currency: 'EUR', available: 10 };
const items = [{ sku: 'MUG', quantity: 2 }];
const confirmed: OrderRow = {
  orderId: 'ord_1',
  totalCents: 2500,
  currency: 'EUR',
  items,
  outcome: { status: 'CONFIRMED' },
  open: false,
  isReachable: true,
};
const cancelled: OrderRow = {
  orderId: 'ord_2',
  totalCents: 2500,
  currency: 'EUR',
  items,
  outcome: { status: 'CANCELLED', reason: 'AddressUndeliverableError' },
  open: false,
  isReachable: true,
};
const mail = (orderId: string, type: string) => ({
  eventId: `${orderId}#${type}`,
  orderId,
  subject: '',
  text: '',
  sent: 1,
});

/** One order confirmed, one undone: all is well. */
const WELL: Worlds = {
  charges: [
    { intentId: 'pi_ord_1', orderId: 'ord_1', currency: 'EUR', chargedCents: 2500, refundedCents: 0 },
    { intentId: 'pi_ord_2', orderId: 'ord_2', currency: 'EUR', chargedCents: 2500, refundedCents: 2500 },
  ],
  stock: [{ sku: 'MUG', available: 8 }],
  parcels: [{ shipmentId: 'shp_ord_1', orderId: 'ord_1', status: 'BOOKED' }],
  mailbox: [mail('ord_1', 'OrderConfirmed'), mail('ord_2', 'OrderCancelled')],
  orders: [confirmed, cancelled],
  payments: [],
  reservations: [
    { orderId: 'ord_1', state: 'RESERVED', items },
    { orderId: 'ord_2', state: 'RELEASED', items },
  ],
  shipments: [],
};
const states = (change: Partial<Worlds>, situation: Partial<Situation> = {}) =>
  Object.fromEntries(
    checksOf({
      worlds: { ...WELL, ...change },
      products: [MUG],
      underWay: 0,
      deadLetters: 0,
      ...situation,
    }).map(({ name, state }) => [name.replace(/^\d+ /, ''), state]),
  );
const ALL_OK = { Money: 'ok', Stock: 'ok', Parcels: 'ok', Mails: 'ok', parked: 'ok' };

describe('the checks', () => {
  it('add up money by its currency, each in its own minor units', () => {
    const inYen = {
      intentId: 'pi_ord_3',
      orderId: 'ord_3',
      currency: 'JPY',
      chargedCents: 1_000,
      refundedCents: 0,
    };
    const voided = {
      intentId: 'pi_ord_4',
      orderId: 'ord_4',
      currency: 'EUR',
      chargedCents: 0,
      refundedCents: 0,
    };
    const worlds = { ...WELL, charges: [...WELL.charges, inYen, voided] };
    const [money] = checksOf({ worlds, products: [MUG], underWay: 0, deadLetters: 0 });
    expect(money?.says).toContain('€50.00 + ¥1,000 charged, €25.00 + ¥0 refunded');
  });

  it('all hold where all is well', () => {
    expect(states({})).toEqual(ALL_OK);
  });

  it.each<[string, string, Partial<Worlds>]>([
    [
      'Money',
      'a cancelled order that was not refunded',
      { charges: [{ ...WELL.charges[1], refundedCents: 0 } as never, WELL.charges[0] as never] },
    ],
    ['Money', 'a confirmed order that was not charged', { charges: [] }],
    ['Stock', 'goods that are gone, and nobody has', { stock: [{ sku: 'MUG', available: 7 }] }],
    ['Stock', 'goods that were sold twice', { stock: [{ sku: 'MUG', available: 10 }] }],
    ['Stock', 'less than nothing', { stock: [{ sku: 'MUG', available: -1 }] }],
    ['Parcels', 'a confirmed order without', { parcels: [] }],
    [
      'Parcels',
      'a cancelled order with one',
      { parcels: [...WELL.parcels, { shipmentId: 'shp_ord_2', orderId: 'ord_2', status: 'BOOKED' }] },
    ],
    ['Mails', 'a customer who was not told', { mailbox: [mail('ord_1', 'OrderConfirmed')] }],
    [
      'Mails',
      'a customer who was told both',
      { mailbox: [...WELL.mailbox, mail('ord_2', 'OrderConfirmed')] },
    ],
  ])('%s: %s', (name, _what, change) => {
    expect(states(change)).toEqual({ ...ALL_OK, [name]: 'broken' });
    expect(states(change, { underWay: 1 })).toEqual({ ...ALL_OK, [name]: 'settling' });
  });

  it('a mail that is missing waits for a redrive where there are dead letters', () => {
    expect(states({ mailbox: [] }, { deadLetters: 1 })).toEqual({ ...ALL_OK, Mails: 'waiting' });
  });

  it('an order whose mail has nowhere to go has none, or that of the time when it had', () => {
    const lost = { ...confirmed, isReachable: false };
    const cancelledLater = { ...lost, outcome: { status: 'CANCELLED', reason: 'CancelledByCustomer' } };
    expect(states({ orders: [lost, cancelled], mailbox: [mail('ord_2', 'OrderCancelled')] })).toMatchObject({
      Mails: 'ok',
    });
    expect(states({ orders: [cancelledLater, cancelled] })).toMatchObject({ Mails: 'ok' });
    expect(
      states({ orders: [lost, cancelled], mailbox: [...WELL.mailbox, mail('ord_1', 'OrderConfirmed')] }),
    ).toMatchObject({ Mails: 'broken' });
  });

  it.each(['CancelledByCustomer', 'CancelledByOperator'])(
    'a confirmed order that was cancelled has both mails: %s',
    (reason) => {
      const later = { ...cancelled, outcome: { status: 'CANCELLED', reason } };
      expect(
        states({
          orders: [confirmed, later],
          mailbox: [...WELL.mailbox, mail('ord_2', 'OrderConfirmed')],
        }),
      ).toEqual(ALL_OK);
    },
  );

  it('an order that was kept has the mail of its confirmation, and that it comes all the same', () => {
    const kept = { ...confirmed, outcome: { status: 'CONFIRMED', isKept: true } };
    const mailbox = [...WELL.mailbox, mail('ord_1', 'OrderKept')];
    expect(states({ orders: [kept, cancelled], mailbox })).toEqual(ALL_OK);
    expect(states({ orders: [kept, cancelled] })).toEqual({ ...ALL_OK, Mails: 'broken' });
  });

  it('an order under way is left out, and what it holds is counted', () => {
    const { outcome: _, ...pending } = { ...confirmed, orderId: 'ord_3', open: true };
    expect(
      states({
        orders: [...WELL.orders, pending],
        charges: [
          ...WELL.charges,
          { intentId: 'pi_ord_3', orderId: 'ord_3', currency: 'EUR', chargedCents: 2500, refundedCents: 0 },
        ],
        reservations: [...WELL.reservations, { orderId: 'ord_3', state: 'RESERVED', items }],
        stock: [{ sku: 'MUG', available: 6 }],
      }),
    ).toEqual(ALL_OK);
  });

  it('a parked order is left out, and waits for a person', () => {
    const { outcome: _, ...parked } = { ...cancelled, open: true, parked: 'ParkUndo' };
    const situation = {
      orders: [confirmed, parked],
      charges: WELL.charges.map((charge) => ({ ...charge, refundedCents: 0 })),
    };
    expect(states(situation)).toEqual({ ...ALL_OK, parked: 'waiting' });
  });

  it('what was settled by hand is believed', () => {
    const resolution = { note: 'refunded by hand' };
    expect(
      states({
        charges: WELL.charges.map((charge) => ({ ...charge, refundedCents: 0 })),
        payments: [{ orderId: 'ord_2', state: 'REFUNDED', resolution }],
      }),
    ).toEqual(ALL_OK);
  });
});
