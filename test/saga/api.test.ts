import { describe, expect, it } from '@jest/globals';
import type { Shop } from '../../testbed/shop.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop((opened) => {
  shop = opened;
});

describe('placing an order', () => {
  it('twice under one Idempotency-Key makes one order and one charge', async () => {
    const key = { 'idempotency-key': 'same-key' };
    const [first, second] = await Promise.all([
      shop.request('POST', '/orders', shop.bodyOf({}), key),
      shop.request('POST', '/orders', shop.bodyOf({}), key),
    ]);
    await shop.settle();
    const third = await shop.request('POST', '/orders', shop.bodyOf({}), key);
    await shop.settle();
    expect(first.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    expect(first.headers.location).toBe(`/orders/${first.body.orderId}`);
    const charges = (await shop.rows('PaymentSandboxCharges')).filter(
      ({ orderId }) => orderId === first.body.orderId,
    );
    expect(charges).toMatchObject([{ chargedCents: 2500 }]);
  });

  it('under a used Idempotency-Key with another body answers 422', async () => {
    const key = { 'idempotency-key': 'used-key' };
    await shop.request('POST', '/orders', shop.bodyOf({}), key);
    const other = await shop.request(
      'POST',
      '/orders',
      shop.bodyOf({ paymentMethod: 'pm_card_declined' }),
      key,
    );
    expect(other).toMatchObject({ status: 422, headers: { 'content-type': 'application/problem+json' } });
    await shop.settle();
  });

  it('with a bad body answers 400 naming every bad field, and stores nothing', async () => {
    const before = (await shop.rows('RecordsOrders')).length;
    const { status, body } = await shop.request('POST', '/orders', {
      items: [{ sku: 'MUG', quantity: 0 }, { sku: '' }],
      shippingAddress: { name: 'Ada', line1: 'x', city: 'y', postalCode: 'z', country: 'Germany' },
      coupon: 'FREE',
    });
    expect(status).toBe(400);
    expect((body.errors as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      'coupon',
      'items[0].quantity',
      'items[1].quantity',
      'items[1].sku',
      'paymentMethod',
      'shippingAddress.country',
    ]);
    expect(await shop.rows('RecordsOrders')).toHaveLength(before);
  });

  it('for what is not in the catalogue answers 400 naming the line', async () => {
    const { status, body } = await shop.request(
      'POST',
      '/orders',
      shop.bodyOf({ items: [{ sku: 'UNICORN', quantity: 1 }] }),
    );
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field: 'items[0].sku' }]);
  });
});

describe('looking at orders', () => {
  it('lists the caller’s, newest first, page by page', async () => {
    const placed: unknown[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { body } = await shop.request(
        'POST',
        '/orders',
        shop.bodyOf({ paymentMethod: 'pm_card_declined' }),
      );
      placed.unshift(body.orderId);
    }
    await shop.settle();
    const listed: unknown[] = [];
    let next = '';
    do {
      const { body } = await shop.request('GET', `/orders?limit=2${next && `&cursor=${next}`}`);
      listed.push(...(body.orders as { orderId: string }[]).map(({ orderId }) => orderId));
      next = String(body.next ?? '');
    } while (next);
    expect(listed.slice(0, 3)).toEqual(placed);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('answers 404 for an order there is not, and 400 for a bad limit or cursor', async () => {
    expect(await shop.request('GET', '/orders/ord_nope')).toMatchObject({ status: 404 });
    expect(await shop.request('GET', '/orders/ord_nope/timeline')).toMatchObject({ status: 404 });
    expect(await shop.request('GET', '/orders?limit=0')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'limit' }] },
    });
    expect(await shop.request('GET', '/orders?cursor=x')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'cursor' }] },
    });
  });

  it('shows neither address nor payment method', async () => {
    const { order } = await shop.order();
    expect(Object.keys(order).sort()).toEqual([
      'correlationId',
      'currency',
      'items',
      'orderId',
      'placedAt',
      'status',
      'step',
      'totalCents',
    ]);
  });
});
