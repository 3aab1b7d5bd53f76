import { expect, it } from '@jest/globals';
import { call, delivered, mailsOf, ops, orderAt, place, told } from './shop.ts';

it('a customer cancels a confirmed order, once its parcel has not left', async () => {
  const orderId = await place('order');
  await orderAt(orderId, 'CONFIRMED');
  await expect(call('POST', `/orders/${orderId}/cancel`)).resolves.toMatchObject({ status: 202 });
  await expect(orderAt(orderId, 'CANCELLED')).resolves.toMatchObject({
    failure: { error: 'CancelledByCustomer' },
  });
  await delivered(orderId, 'notify-customer', 'OrderCancelled');
  await expect(mailsOf(orderId, 'OrderCancelled')).resolves.toBe(1);
  expect(await told('timeline', orderId)).toContain('order cancelled: everything is undone');
  await ops('erase', orderId);
  expect(await told('show', orderId)).toMatch(/^erased +personal data, /m);
});
