import { afterEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../../lambdas/orders/api/list-all-orders.ts';
import { type OrderRecord, openedAt } from '../../../../lambdas/orders/order.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { tablesInMemory } from '../../tables-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const tables = tablesInMemory({ Orders: 'orderId' });
afterEach(() => {
  for (const { orderId } of tables.rowsOf('Orders')) tables.remove('Orders', String(orderId));
});

const START = Date.parse('2026-01-15T09:00:00.000Z');
const iso = (number: number) => new Date(START + number).toISOString();
const idOf = (number: number) => `ord_${number.toString(16)}`;

/** Placed in the order of their numbers, two at a moment; open until `changes` say otherwise. */
const place = (number: number, { lookedAt, ...changes }: Partial<OrderRecord> = {}) => {
  const [orderId, placedAt] = [idOf(number), iso(Math.floor(number / 2))];
  const { shard, ...open } = openedAt(orderId, placedAt);
  const { outcome } = changes;
  const end = outcome ? { outcomeShard: `${outcome.status}#${shard}` } : open;
  tables.seed('Orders', { ...placedOrder({ orderId, placedAt, shard, ...end, ...changes }) });
};
const ended = (status: 'CONFIRMED' | 'CANCELLED') => ({ outcome: { status, endedAt: iso(9_999) } });
const parked = {
  parkedAt: iso(9_999),
  parking: { state: 'ParkUndo', error: 'InjectedError', resolutions: {} },
};

const list = (query = {}) =>
  ask(handler, apiRequest({ routeKey: 'GET /ops/orders', query, customerId: 'operator-1' }));

/** All pages' orders, with how many pages there were. */
const listed = async (query: object, limit = 20) => {
  const orders: { orderId: string; placedAt: string; status: string }[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const { status, body } = await list({ ...query, limit: `${limit}`, ...(cursor && { cursor }) });
    expect(status).toBe(200);
    expect(body.orders.length).toBeLessThanOrEqual(limit);
    orders.push(...body.orders);
    cursor = body.next;
    pages += 1;
  } while (cursor);
  return { orders, pages, ids: orders.map(({ orderId }) => orderId) };
};

const isNewestFirst = (orders: readonly { placedAt: string }[]) => {
  const times = orders.map(({ placedAt }) => placedAt);
  return expect(times).toEqual(times.toSorted().reverse());
};
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

describe('list-all-orders', () => {
  it.each([7, 20, 100])('tells of every order once, newest first, by pages of %i', async (limit) => {
    for (const number of numbers(250)) place(number, { customerId: `customer-${number % 3}` });
    const { orders, ids, pages } = await listed({}, limit);
    expect(pages).toBe(Math.ceil(250 / limit));
    expect(ids.toSorted()).toEqual(numbers(250).map(idOf).toSorted());
    isNewestFirst(orders);
  });

  it('keeps its place while orders are placed', async () => {
    for (const number of numbers(40)) place(number);
    const first = await list();
    place(100);
    const second = await list({ cursor: first.body.next });
    const ids = [...first.body.orders, ...second.body.orders].map(({ orderId }) => orderId);
    expect(ids.toSorted()).toEqual(numbers(40).map(idOf).toSorted());
    expect(second.body).not.toHaveProperty('next');
  });

  it.each(['PENDING', 'CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'])(
    'tells of those that are %s, newest first',
    async (status) => {
      const kinds = [{}, ended('CONFIRMED'), ended('CANCELLED'), parked];
      for (const number of numbers(250)) place(number, kinds[number % 4]);
      const all = await listed({});
      const { orders } = await listed({ status }, 7);
      expect(orders.length).toBeGreaterThan(60);
      isNewestFirst(orders);
      const key = ({ orderId }: { orderId: string }) => orderId;
      expect(orders.map(key).toSorted()).toEqual(
        all.orders
          .filter((order) => order.status === status)
          .map(key)
          .toSorted(),
      );
    },
  );

  it('takes a confirmed order that is parked, or under cancellation, for what it is', async () => {
    place(1, { ...ended('CONFIRMED'), ...parked });
    place(2, { ...ended('CONFIRMED'), openSince: iso(5), lookedAt: iso(5) });
    expect((await listed({ status: 'CONFIRMED' })).ids).toEqual([idOf(2)]);
    expect((await listed({ status: 'NEEDS_ATTENTION' })).ids).toEqual([idOf(1)]);
    expect((await listed({ status: 'PENDING' })).ids).toEqual([]);
  });

  it('finds one that has ended so at once, however many have ended otherwise since', async () => {
    for (const number of numbers(2_000))
      place(number, number === 0 ? ended('CANCELLED') : ended('CONFIRMED'));
    tables.calls.resetHistory();
    const { body } = await list({ status: 'CANCELLED' });
    expect(body.orders).toMatchObject([{ orderId: idOf(0) }]);
    expect(body).not.toHaveProperty('next');
    // One look at each shard, and one at the records found.
    expect(tables.calls.calls()).toHaveLength(5);
  });

  it('tells of a customer’s, of a status too', async () => {
    const of = (number: number) => ({
      customerId: number % 5 === 0 ? 'customer-2' : 'customer-1',
      ...(number % 2 === 0 && ended('CONFIRMED')),
    });
    for (const number of numbers(100)) place(number, of(number));
    const { orders } = await listed({ customer: 'customer-2' }, 7);
    expect(orders).toHaveLength(20);
    isNewestFirst(orders);
    expect((await listed({ customer: 'customer-2', status: 'CONFIRMED' }, 7)).orders).toHaveLength(10);
    expect((await listed({ customer: 'nobody' })).orders).toEqual([]);
  });

  const cursor = (of: string, key: object) =>
    Buffer.from(JSON.stringify({ list: of, key })).toString('base64url');
  const placement = { orderId: 'ord_1', placedAt: iso(1), shard: '0' };

  it.each([
    [{ status: 'LOST' }, 'status'],
    [{ limit: '101' }, 'limit'],
    [{ customer: '' }, 'customer'],
    [{ customer: 'x'.repeat(513) }, 'customer'],
    [{ cursor: 'garbage' }, 'cursor'],
    [{ cursor: cursor('all undefined', [{ ...placement, orderId: 'x'.repeat(2_049) }]) }, 'cursor'],
    [{ cursor: cursor('all undefined', [{ ...placement, shard: '9' }]) }, 'cursor'],
    [{ cursor: cursor('all undefined', [{ ...placement, placedAt: 'soon' }]) }, 'cursor'],
    [{ cursor: cursor('own', [placement]) }, 'cursor'],
    [{ status: 'CANCELLED', cursor: cursor('all CONFIRMED', [placement]) }, 'cursor'],
    [{ status: 'PENDING', cursor: cursor('all PENDING', [placement]) }, 'cursor'],
    [
      {
        customer: 'customer-1',
        cursor: cursor('customer undefined', {
          orderId: 'ord_1',
          placedAt: iso(1),
          customerId: 'customer-2',
        }),
      },
      'cursor',
    ],
  ])('refuses %j', async (query, field) => {
    tables.calls.resetHistory();
    await expect(list(query)).resolves.toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(tables.calls.calls()).toEqual([]);
  });
});
