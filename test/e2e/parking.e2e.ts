import { beforeAll, expect, it } from '@jest/globals';
import { whileStopped } from './faults.ts';
import { ops, orderAt, place, told } from './shop.ts';

/** How long eleven attempts to refund take on AWS at most: 2 s, 4 s, ... 60 s between them, and what they take themselves. */
const UNTIL_PARKED_SECONDS = 400;

interface Parked {
  readonly orders: readonly { readonly orderId: string; readonly state: string; readonly error: string }[];
}

let toResume = '';
let settledByHand = '';
beforeAll(async () => {
  await whileStopped('RefundPayment', async () => {
    [toResume, settledByHand] = [await place('undeliverable'), await place('undeliverable')];
    for (const orderId of [toResume, settledByHand])
      await orderAt(orderId, 'NEEDS_ATTENTION', UNTIL_PARKED_SECONDS);
  });
});

it('an order whose refund keeps failing is parked, and operators see where and why', async () => {
  const { orders } = await ops<Parked>('parked');
  for (const orderId of [toResume, settledByHand])
    expect(orders).toContainEqual(
      expect.objectContaining({ orderId, state: 'ParkUndo', error: 'Lambda.TooManyRequestsException' }),
    );
  expect(await told('show', toResume)).toContain(`npm run ops -- resume ${toResume}`);
});

it('it goes on when an operator lets it, and everything is undone', async () => {
  await expect(ops('resume', toResume)).resolves.toMatchObject({ resumed: 'ParkUndo' });
  await expect(orderAt(toResume, 'CANCELLED')).resolves.toMatchObject({
    failure: {
      error: 'AddressUndeliverableError',
      undone: expect.arrayContaining(['ReleaseInventory', 'RefundPayment']),
    },
  });
  expect(await told('resume', toResume)).toContain('is not parked');
});

it('or without what was settled by hand, which is noted', async () => {
  await ops('resume', settledByHand, '--skip', 'RefundPayment', '--note', 'refunded by hand');
  await orderAt(settledByHand, 'CANCELLED');
  expect(await told('timeline', settledByHand)).toContain('refunded by hand');
  const { orders } = await ops<Parked>('parked');
  expect(orders.map(({ orderId }) => orderId)).not.toContain(settledByHand);
  expect(await told('actions')).toMatch(new RegExp(`resume +${settledByHand}`));
});
