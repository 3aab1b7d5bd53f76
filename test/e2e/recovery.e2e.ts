import { expect, it } from '@jest/globals';
import { stop, whileStopped } from './faults.ts';
import { call, ops, orderAt, place, told, until } from './shop.ts';

/** An order whose workflow is ended from outside while it tries to give the money back. */
const abortedWhileRefunding = () =>
  whileStopped('RefundPayment', async () => {
    const orderId = await place('undeliverable');
    await until(
      `the refund of ${orderId}`,
      () => call('GET', `/orders/${orderId}`),
      ({ body }) => ['RefundPayment', 'ParkUndo'].includes(String(body.step)),
    );
    await stop(orderId);
    return orderId;
  });

const isUndone = (orderId: string) => orderAt(orderId, 'CANCELLED', 400);

it('an order whose workflow was ended from outside goes on in another one', async () => {
  const orderId = await abortedWhileRefunding();
  await isUndone(orderId);
  expect(await told('timeline', orderId)).toMatch(/the workflow was ended from outside/);
});

it('so it does where nobody heard of the end, once somebody looks', async () => {
  const orderId = await whileStopped('RecoverOrder', async () => {
    const unheard = await abortedWhileRefunding();
    await until(
      `that ${unheard} is recovered`,
      () => ops<{ recovered: readonly string[] }>('reconcile'),
      ({ recovered }) => recovered.includes(unheard),
    );
    return unheard;
  });
  await isUndone(orderId);
});
