import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { sandboxMailer } from '../../../lambdas/listeners/sandbox-mailer.ts';
import { type DeliveredMail, mailerContract } from '../../adapters/mailer.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ SandboxMailbox: 'eventId' });
});
const mailbox = () => tables.rowsOf('SandboxMailbox');

mailerContract('sandbox', () => ({
  mailer: sandboxMailer('SandboxMailbox'),
  mails: () => mailbox().map(({ sent: _, sentAt: __, ...mail }) => mail as unknown as DeliveredMail),
  breakDown: () => tables.calls.on(UpdateCommand).rejects(new Error('mailbox away')),
}));

describe('the sandbox mailer', () => {
  const mail = {
    eventId: 'ord_1#OrderConfirmed',
    orderId: 'ord_1',
    correlationId: 'corr-1',
    to: 'ada@example.com',
    subject: 'Your order',
    text: 'is on its way',
    html: '<p>is on its way</p>',
  };

  it('knows how often a mail was sent, and when', async () => {
    const { send } = sandboxMailer('SandboxMailbox');
    await send(mail);
    await send(mail);
    expect(mailbox()).toMatchObject([
      { eventId: 'ord_1#OrderConfirmed', sent: 2, sentAt: expect.stringMatching(/Z$/) },
    ]);
  });

  it('forgets the address', async () => {
    await sandboxMailer('SandboxMailbox').send(mail);
    expect(JSON.stringify(mailbox())).not.toContain('ada@example.com');
  });
});
