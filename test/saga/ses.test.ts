import { expect, it } from '@jest/globals';
import { orderIdFor } from '../../lambdas/orders/api/order-id.ts';
import { devRoutes } from '../../local/dev-routes.ts';
import type { CallFaultKind } from '../../local/faults/calls.ts';
import { mailsOf } from '../../local/mails.ts';
import { CUSTOMER, openShop, type Shop } from '../../testbed/shop.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop(
  (opened) => {
    shop = opened;
  },
  () => openShop(undefined, { mailer: 'ses', timeScale: 0.002 }),
);

const accepted = (orderId: string) =>
  shop.stack.ses.accepted().filter(({ tags }) => tags.orderId === orderId);
const delivery = async (orderId: string) =>
  (await shop.look(orderId)).story.find(({ name }) => name === 'notify-customer');

/** An order, and what goes wrong with some of the calls that `notify-customer` makes about it. */
const order = async (key: string, fault: CallFaultKind, ...calls: readonly number[]) => {
  const orderId = orderIdFor(CUSTOMER, key);
  shop.stack.calls.watch(
    orderId,
    calls.map((call) => ({ function: 'NotifyCustomer', call, fault })),
  );
  await shop.request('POST', '/orders', shop.bodyOf({}), { 'idempotency-key': key });
  await shop.settle();
  expect(shop.stack.calls.pending(orderId)).toEqual([]);
  return orderId;
};
/** A try of an event: claimed, noted, the address read, the mail sent, the outcome recorded. */
const [SENDING, CALLS_A_TRY] = [4, 5];

it("an order's mail goes out by SES, to where its customer's token says, and tells of which event it is", async () => {
  const { orderId, order: placed, mails } = await shop.order();
  expect(accepted(orderId)).toEqual([
    {
      messageId: expect.stringMatching(/./),
      sentAt: expect.stringMatching(/Z$/),
      from: 'orders@shop.example',
      to: ['local-customer@example.com'],
      subject: `Your order ${orderId} is confirmed`,
      text: expect.stringContaining('2 × MUG, €12.50 each'),
      html: expect.stringContaining('<li>2 × MUG, €12.50 each</li>'),
      tags: { orderId },
      headers: { 'X-Event-Id': `${orderId}#OrderConfirmed`, 'X-Correlation-Id': placed.correlationId },
      configurationSet: 'orders',
      isSuppressed: false,
    },
  ]);
  expect(mails).toMatchObject([{ eventId: `${orderId}#OrderConfirmed`, sent: 1 }]);
});

it('the console is told of it, and shows its HTML', async () => {
  const { orderId } = await shop.order();
  const asked = async (path: string) =>
    devRoutes(shop.stack, []).handle({
      method: 'GET',
      url: new URL(path, 'http://127.0.0.1'),
      headers: {},
      body: Buffer.from(''),
    });
  const { mailbox, orders } = JSON.parse(String((await asked('/dev/worlds'))?.body));
  expect(orders).toContainEqual(expect.objectContaining({ orderId, isReachable: true }));
  expect(mailbox).toContainEqual({
    eventId: `${orderId}#OrderConfirmed`,
    orderId,
    subject: `Your order ${orderId} is confirmed`,
    text: expect.stringContaining('In all: €25.00'),
    sent: 1,
    sentAt: expect.stringMatching(/Z$/),
    to: 'local-customer@example.com',
    isSuppressed: false,
  });
  const page = await asked(`/dev/mails/${encodeURIComponent(`${orderId}#OrderConfirmed`)}`);
  expect(page?.body).toContain('<p>In all: €25.00</p>');
  await expect(asked('/dev/mails/none')).resolves.toBeUndefined();
});

it('a mail that SES takes no more for now goes out at the next try', async () => {
  const orderId = await order('throttled', 'throttled', SENDING);
  expect(accepted(orderId)).toHaveLength(1);
  expect(await delivery(orderId)).toMatchObject({ outcome: 'done', detail: { attempts: 2 } });
});

it('a mail whose answer is lost goes out twice, rather than never', async () => {
  const orderId = await order('lost', 'answer-lost', SENDING);
  expect(accepted(orderId)).toHaveLength(2);
  expect(await mailsOf(shop.stack)).toContainEqual(
    expect.objectContaining({ eventId: `${orderId}#OrderConfirmed`, sent: 2 }),
  );
});

it('a mail that SES refuses lies with the dead letters, which say why and quote nobody, and goes out from there', async () => {
  const orderId = await order(
    'refused',
    'refused',
    ...[0, 1, 2].map((tries) => SENDING + tries * CALLS_A_TRY),
  );
  expect(accepted(orderId)).toEqual([]);
  expect(await delivery(orderId)).toMatchObject({
    outcome: 'dead-lettered',
    detail: { error: 'MailRefusedError' },
  });
  const said = JSON.stringify([shop.stack.deadLetters(), shop.logs]);
  expect(said).toContain('AccessDeniedException');
  expect(said).not.toContain('@example.com');
  await shop.request('POST', '/ops/listeners/notify-customer/redrive');
  await shop.settle();
  expect(accepted(orderId)).toHaveLength(1);
});

it('a customer whose token names no address, or one that is not theirs yet, is told nothing, which is no failure', async () => {
  for (const claims of [{ email: undefined }, { email_verified: false }]) {
    const authorization = await shop.stack.apis.customers.authorizationOf('grace', claims);
    const { body } = await shop.request('POST', '/orders', shop.bodyOf({}), { authorization });
    await shop.settle();
    const orderId = String(body.orderId);
    expect(accepted(orderId)).toEqual([]);
    expect(await delivery(orderId)).toMatchObject({ outcome: 'done', detail: { attempts: 1 } });
  }
});

it('a customer whose data is erased hears nothing of what comes after that', async () => {
  const { orderId } = await shop.order();
  await shop.request('POST', `/ops/orders/${orderId}/erase`, {});
  await shop.request('POST', `/orders/${orderId}/cancel`);
  await shop.settle();
  expect((await shop.look(orderId)).order).toMatchObject({ status: 'CANCELLED' });
  expect(accepted(orderId).map(({ headers }) => headers['X-Event-Id'])).toEqual([
    `${orderId}#OrderConfirmed`,
  ]);
});
