import { expect, it } from '@jest/globals';
import { run } from '../../ops/run.ts';
import { delivered, ops, orderAt, place, stage, told } from './shop.ts';

it('operators find an order, and are told its story', async () => {
  const orderId = await place('order');
  await orderAt(orderId, 'CONFIRMED');
  await delivered(orderId, 'log-event', 'OrderConfirmed');
  const { orders } = await ops<{ orders: { orderId: string }[] }>('orders', '--status', 'confirmed');
  expect(orders.map((order) => order.orderId)).toContain(orderId);
  expect(await told('show', orderId)).toMatch(/^status +CONFIRMED, in PublishOrderConfirmed$/m);
  const story = await told('timeline', orderId);
  for (const line of [
    /✓ payment charged \(ChargePayment, /,
    /✓ stock reserved \(ReserveInventory, /,
    /✓ parcel booked \(CreateShipment, /,
    /✓ order confirmed \(PublishOrderConfirmed, /,
    /» OrderConfirmed/,
    /· log-event has dealt with OrderConfirmed/,
  ])
    expect(story).toMatch(line);
});

it('what is refused ends with 1, and what is none of the commands with 2', async () => {
  const orderId = await place('order');
  await orderAt(orderId, 'CONFIRMED');
  await expect(run(['resume', orderId, '--stage', stage])).resolves.toEqual({
    exitCode: 1,
    stderr: `order ${orderId} is not parked`,
  });
  await expect(run(['fly', '--stage', stage])).resolves.toMatchObject({ exitCode: 2 });
});
