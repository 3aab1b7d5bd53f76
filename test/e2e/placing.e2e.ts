import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { call, example, orderAt, seed } from './shop.ts';

it('the same call with the same key is the same order, and with another body is refused', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const order = example('order');
  const first = await call('POST', '/orders', order, headers);
  expect(first.status).toBe(202);
  const again = await call('POST', '/orders', order, headers);
  expect(again).toMatchObject({ status: 202, body: { orderId: first.body.orderId } });
  const other = await call('POST', '/orders', example('undeliverable'), headers);
  expect(other).toMatchObject({
    status: 422,
    body: { type: 'urn:order-saga:problem:idempotency-key-reused' },
  });
  await orderAt(String(first.body.orderId), 'CONFIRMED');
});

it('what is wrong with a body is named, field by field', async () => {
  const { status, body } = await call('POST', '/orders', { items: [{ sku: 'MUG-WHITE', quantity: 0 }] });
  expect(status).toBe(400);
  expect((body.errors as { field: string }[]).map(({ field }) => field)).toEqual(
    expect.arrayContaining(['items[0].quantity', 'paymentMethod', 'shippingAddress']),
  );
});

it('there is no such order', async () => {
  await expect(call('GET', '/orders/ord_00000000000000000000000000')).resolves.toMatchObject({ status: 404 });
});

it('what is on sale already stays as it is, and what cannot be sold is refused', async () => {
  await expect(seed()).resolves.toMatchObject({ added: 0 });
  await expect(seed([{ sku: 'SPOON', name: 'Spoon', unitPriceCents: 19.99 }])).rejects.toThrow(
    'unitPriceCents',
  );
});
