import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import type { Mail } from '../../../lambdas/listeners/mailer.ts';
import { handler, notifyCustomer } from '../../../lambdas/listeners/notify-customer.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { tablesInMemory } from '../tables-in-memory.ts';

const send = jest.fn<(mail: Mail) => Promise<void>>();
const notify = notifyCustomer({ send });
const { orderId, customerId } = OrderConfirmed.example.data;

beforeEach(() => {
  send.mockReset().mockResolvedValue();
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

  it('tells who has cancelled a confirmed order themselves that the money comes back', async () => {
    const data = { ...OrderCancelled.example.data, reason: 'CancelledByCustomer' };
    await notify({ type: 'OrderCancelled', ...OrderCancelled.example, data });
    expect(send.mock.calls).toMatchObject([
      [{ text: 'As you asked, we have cancelled your order. €25.00 is on its way back to you.' }],
    ]);
  });

  it.each([
    [123_456, 'USD', '$1,234.56'],
    [5, 'EUR', '€0.05'],
  ])('writes %d cents of %s as %s', async (totalCents, currency, written) => {
    const data = { ...OrderConfirmed.example.data, totalCents, currency };
    await notify({ type: 'OrderConfirmed', ...OrderConfirmed.example, data });
    expect(send.mock.calls[0]?.[0].text).toContain(`charged ${written} and`);
  });

  it('is tried again where the mailer fails', async () => {
    send.mockRejectedValue(new Error('mailer away'));
    const notified = notify({ type: 'OrderConfirmed', ...OrderConfirmed.example });
    await expect(notified).rejects.toThrow('mailer away');
  });

  it('drops the mail into the mailbox of its environment, once an event', async () => {
    const tables = tablesInMemory({ SandboxMailbox: 'eventId' });
    deliveriesInMemory(tables.calls);
    const event = { 'detail-type': 'OrderConfirmed', detail: OrderConfirmed.example };
    await handler(event, lambdaContext);
    expect(tables.rowsOf('SandboxMailbox')).toMatchObject([
      { eventId: `${orderId}#OrderConfirmed`, customerId },
    ]);
  });
});
