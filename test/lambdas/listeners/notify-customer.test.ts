import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { OrderKept } from '../../../events/order-kept.ts';
import type { Mail } from '../../../lambdas/listeners/mailer.ts';
import type { Completion } from '../../../lambdas/listeners/notices.ts';
import { handler, notifyCustomer } from '../../../lambdas/listeners/notify-customer.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const send = jest.fn<(mail: Mail) => Promise<void>>();
const note = jest.fn<(event: Completion) => Promise<boolean>>();
const notify = notifyCustomer({ mailer: { send }, notices: { note } });
const { orderId, customerId } = OrderConfirmed.example.data;

beforeEach(() => {
  send.mockReset().mockResolvedValue();
  note.mockReset().mockResolvedValue(true);
});

describe('notify-customer', () => {
  it('tells what was charged and where the parcel is', async () => {
    await notify({ type: 'OrderConfirmed', ...OrderConfirmed.example });
    expect(send.mock.calls).toEqual([
      [
        {
          eventId: `${orderId}#OrderConfirmed`,
          customerId,
          subject: `Your order ${orderId} is confirmed`,
          text: 'We have charged €25.00 and your parcel is on its way: SBX5X0HQ2V7M3K9C4TZ1WBY.',
        },
      ],
    ]);
  });

  it('tells that nothing was charged, and not the name of our error', async () => {
    await notify({ type: 'OrderCancelled', ...OrderCancelled.example });
    expect(send.mock.calls).toEqual([
      [
        {
          eventId: `${orderId}#OrderCancelled`,
          customerId,
          subject: `Your order ${orderId} is cancelled`,
          text:
            'We could not complete your order. It costs you nothing: ' + 'any payment of €25.00 is returned.',
        },
      ],
    ]);
  });

  it('speaks of no money where an order was free', async () => {
    const free = { totalCents: 0 };
    const { data: confirmed } = OrderConfirmed.example;
    const { data: cancelled } = OrderCancelled.example;
    await notify({ type: 'OrderConfirmed', ...OrderConfirmed.example, data: { ...confirmed, ...free } });
    await notify({ type: 'OrderCancelled', ...OrderCancelled.example, data: { ...cancelled, ...free } });
    expect(send.mock.calls.map(([{ text }]) => text)).toEqual([
      'It costs you nothing, and your parcel is on its way: SBX5X0HQ2V7M3K9C4TZ1WBY.',
      'We could not complete your order.',
    ]);
  });

  it.each([
    ['CancelledByCustomer', 'As you asked, we have cancelled your order.'],
    ['CancelledByOperator', 'We have cancelled your order.'],
  ])('tells of an order that had been confirmed (%s) that the money comes back', async (reason, words) => {
    const data = { ...OrderCancelled.example.data, reason };
    await notify({ type: 'OrderCancelled', ...OrderCancelled.example, data });
    expect(send.mock.calls).toMatchObject([[{ text: `${words} €25.00 is on its way back to you.` }]]);
  });

  it.each([
    ['CancelledByCustomer', 2_500, 'As you asked, we have tried', ', and nothing of the €25.00 is refunded.'],
    ['CancelledByOperator', 2_500, 'We have tried', ', and nothing of the €25.00 is refunded.'],
    ['CancelledByCustomer', 0, 'As you asked, we have tried', '.'],
  ])(
    'tells of an order that was kept (%s, %d cents) that it comes, and of no refund',
    async (reason, totalCents, tried, money) => {
      await notify({
        type: 'OrderKept',
        ...OrderKept.example,
        data: { ...OrderKept.example.data, reason, totalCents },
      });
      expect(send.mock.calls).toEqual([
        [
          {
            eventId: OrderKept.example.metadata.eventId,
            customerId,
            subject: `Your order ${orderId} could not be cancelled`,
            text: `${tried} to cancel your order, but your parcel had already left: SBX5X0HQ2V7M3K9C4TZ1WBY. It comes as ordered${money}`,
          },
        ],
      ]);
    },
  );

  it.each([
    [123_456, 'USD', '$1,234.56'],
    [5, 'EUR', '€0.05'],
    [2_500, 'JPY', '¥2,500'],
    [2_500, 'KWD', 'KWD\u00a02.500'],
  ])('writes %d minor units of %s as %s', async (totalCents, currency, written) => {
    const data = { ...OrderConfirmed.example.data, totalCents, currency };
    await notify({ type: 'OrderConfirmed', ...OrderConfirmed.example, data });
    expect(send.mock.calls[0]?.[0].text).toContain(`charged ${written} and`);
  });

  it('is tried again where the mailer fails', async () => {
    send.mockRejectedValue(new Error('mailer away'));
    const notified = notify({ type: 'OrderConfirmed', ...OrderConfirmed.example });
    await expect(notified).rejects.toThrow('mailer away');
  });

  it('says nothing of what has been overtaken, and that is no failure', async () => {
    note.mockResolvedValue(false);
    await notify({ type: 'OrderConfirmed', ...OrderConfirmed.example });
    expect(send).not.toHaveBeenCalled();
  });
});

describe('the customer’s mailbox', () => {
  let tables: TablesInMemory;
  beforeEach(() => {
    tables = tablesInMemory({ SandboxMailbox: 'eventId', Notices: 'orderId' });
    deliveriesInMemory(tables.calls);
  });
  const deliver = ({ type, example }: typeof OrderConfirmed | typeof OrderKept | typeof OrderCancelled) =>
    handler({ 'detail-type': type, detail: example }, lambdaContext);
  const mails = () => tables.rowsOf('SandboxMailbox').map(({ eventId }) => eventId);

  it('has both mails of an order that is confirmed, and then cancelled', async () => {
    await deliver(OrderConfirmed);
    await deliver(OrderCancelled);
    expect(mails()).toEqual([`${orderId}#OrderConfirmed`, `${orderId}#OrderCancelled`]);
  });

  it('has no mail of the confirmation that comes after the cancellation', async () => {
    await deliver(OrderCancelled);
    await deliver(OrderConfirmed);
    expect(mails()).toEqual([`${orderId}#OrderCancelled`]);
  });

  it('has all mails of an order that is confirmed, kept, and cancelled after all', async () => {
    for (const event of [OrderConfirmed, OrderKept, OrderCancelled]) await deliver(event);
    expect(mails()).toEqual([
      `${orderId}#OrderConfirmed`,
      OrderKept.example.metadata.eventId,
      `${orderId}#OrderCancelled`,
    ]);
  });

  it.each([
    [OrderConfirmed, OrderKept],
    [OrderKept, OrderCancelled],
  ] as const)('has no mail of what comes after what followed it', async (earlier, later) => {
    await deliver(later);
    await deliver(earlier);
    expect(mails()).toEqual([later.example.metadata.eventId]);
  });

  it('has none where the cancellation’s own mail is still to come', async () => {
    tables.calls.on(UpdateCommand, { TableName: 'SandboxMailbox' }).rejectsOnce(new Error('mailer away'));
    await expect(deliver(OrderCancelled)).rejects.toThrow('mailer away');
    await deliver(OrderConfirmed);
    expect(mails()).toEqual([]);
  });

  it('is told again, and by nobody thought to be told, where the table of what was told is away', async () => {
    tables.calls.on(UpdateCommand, { TableName: 'Notices' }).rejectsOnce(new Error('table away'));
    await expect(deliver(OrderConfirmed)).rejects.toThrow('table away');
    expect(mails()).toEqual([]);
  });

  it('knows what was told for as long as the stack says', async () => {
    const from = Math.floor(Date.now() / 1_000);
    await deliver(OrderConfirmed);
    const { expiresAt } = tables.row('Notices', orderId) as { expiresAt: number };
    expect(Math.round((expiresAt - from) / 86_400)).toBe(Number(process.env.REMEMBERED_DAYS));
  });

  it('is that of its environment', async () => {
    await deliver(OrderConfirmed);
    expect(tables.rowsOf('SandboxMailbox')).toMatchObject([
      { eventId: `${orderId}#OrderConfirmed`, customerId },
    ]);
  });
});
