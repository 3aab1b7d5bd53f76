import { expect, it } from '@jest/globals';
import { whileStopped } from './faults.ts';
import { delivered, deliveriesOf, mailsOf, ops, orderAt, place, until } from './shop.ts';

interface DeadLetters {
  readonly listeners: readonly {
    readonly listener: string;
    readonly letters: readonly { readonly orderId?: string }[];
  }[];
}
const hasLetter = (listener: string, orderId: string, { listeners }: DeadLetters): boolean =>
  listeners.some(
    (each) => each.listener === listener && each.letters.some((letter) => letter.orderId === orderId),
  );

/** A confirmed order of which a listener was not told. */
const untoldTo = (construct: string, listener: string) =>
  whileStopped(construct, async () => {
    const orderId = await place('order');
    await orderAt(orderId, 'CONFIRMED');
    await until(
      `a dead letter of ${orderId} for ${listener}`,
      () => ops<DeadLetters>('dead-letters'),
      (letters) => hasLetter(listener, orderId, letters),
    );
    return orderId;
  });

it('what a listener could not be given is redriven, and dealt with once', async () => {
  const orderId = await untoldTo('NotifyCustomer', 'notify-customer');
  await ops('redrive', 'notify-customer');
  await delivered(orderId, 'notify-customer', 'OrderConfirmed');
  await expect(mailsOf(orderId, 'OrderConfirmed')).resolves.toBe(1);
  await until(
    `that no dead letter of ${orderId} is left`,
    () => ops<DeadLetters>('dead-letters'),
    (letters) => !hasLetter('notify-customer', orderId, letters),
  );
});

/** "There may be a delay between an event being published to an event bus and the event arriving in the archive": of ten minutes. */
const UNTIL_ARCHIVED_SECONDS = 1_200;

it('or comes again in a replay, which repeats nothing', async () => {
  const from = new Date(Date.now() - 60_000).toISOString();
  const orderId = await untoldTo('NotifyCustomer', 'notify-customer');
  await delivered(orderId, 'record-metrics', 'OrderConfirmed');
  const once = (await deliveriesOf(orderId)).find(({ name }) => name === 'record-metrics');

  const replay = async () => {
    const to = new Date().toISOString();
    const { replay } = await ops<{ replay: string }>('replay', '--from', from, '--to', to);
    await until(
      `the end of ${replay}`,
      () => ops<{ state: string }>('replay-state', replay),
      ({ state }) => state === 'COMPLETED',
      UNTIL_ARCHIVED_SECONDS,
    );
    return deliveriesOf(orderId);
  };
  await until(
    `a replay of ${orderId}`,
    replay,
    (all) => all.some(({ name, outcome }) => name === 'notify-customer' && outcome === 'done'),
    UNTIL_ARCHIVED_SECONDS,
  );
  await replay();
  await expect(mailsOf(orderId, 'OrderConfirmed')).resolves.toBe(1);
  expect((await deliveriesOf(orderId)).find(({ name }) => name === 'record-metrics')).toEqual(once);
  await ops('redrive', 'notify-customer');
});
