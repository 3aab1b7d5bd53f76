import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { OrderKept } from '../../../events/order-kept.ts';
import { letterOf } from '../../../lambdas/listeners/letter.ts';
import type { Mail } from '../../../lambdas/listeners/mailer.ts';
import type { Completion } from '../../../lambdas/listeners/notices.ts';
import { handler, notifyCustomer } from '../../../lambdas/listeners/notify-customer.ts';
import { PersonalDataErasedError } from '../../../lambdas/runtime/personal-data.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const send = jest.fn<(mail: Mail) => Promise<void>>();
const note = jest.fn<(event: Completion) => Promise<boolean>>();
const personal = jest.fn<(orderId: string) => Promise<{ email?: string }>>();
const notify = notifyCustomer({ mailer: { send }, notices: { note }, personal: personal as never });
const { orderId } = OrderConfirmed.example.data;
const confirmation = { type: 'OrderConfirmed', ...OrderConfirmed.example } as const;

beforeEach(() => {
  send.mockReset().mockResolvedValue();
  note.mockReset().mockResolvedValue(true);
  personal.mockReset().mockResolvedValue({ email: 'ada@example.com' });
});

describe('notify-customer', () => {
  it('sends the letter to where the order says', async () => {
    await notify(confirmation);
    const { eventId, correlationId } = OrderConfirmed.example.metadata;
    expect(personal.mock.calls).toEqual([[orderId, expect.anything()]]);
    expect(send.mock.calls).toEqual([
      [{ eventId, orderId, correlationId, to: 'ada@example.com', ...letterOf(confirmation) }],
    ]);
  });

  it.each<[string, () => Promise<{ email?: string }>]>([
    ['that nobody has given an address', async () => ({})],
    ['whose address is erased', () => Promise.reject(new PersonalDataErasedError(orderId))],
  ])('has nobody to tell of an order %s, and that is no failure', async (_, read) => {
    personal.mockImplementation(read);
    await notify(confirmation);
    expect(send).not.toHaveBeenCalled();
  });

  it('is tried again where the address cannot be read', async () => {
    personal.mockRejectedValue(new Error('table away'));
    await expect(notify(confirmation)).rejects.toThrow('table away');
  });

  it('is tried again where the mailer fails', async () => {
    send.mockRejectedValue(new Error('mailer away'));
    await expect(notify(confirmation)).rejects.toThrow('mailer away');
  });

  it('says nothing of what has been overtaken, and that is no failure', async () => {
    note.mockResolvedValue(false);
    await notify(confirmation);
    expect(personal).not.toHaveBeenCalled();
    expect(send).not.toHaveBeenCalled();
  });
});

describe('the customer’s mailbox', () => {
  let tables: TablesInMemory;
  beforeEach(() => {
    tables = tablesInMemory({ SandboxMailbox: 'eventId', Notices: 'orderId', PersonalData: 'orderId' });
    tables.seed('PersonalData', { orderId, email: 'ada@example.com' });
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
      { eventId: `${orderId}#OrderConfirmed`, orderId, correlationId: expect.any(String), sent: 1 },
    ]);
  });

  it('stays empty where the order has no address', async () => {
    tables.seed('PersonalData', { orderId, paymentMethod: 'pm_card_visa' });
    await deliver(OrderConfirmed);
    expect(mails()).toEqual([]);
  });
});
