import { describe, expect, it } from '@jest/globals';
import type { Mail, Mailer } from '../../lambdas/listeners/mailer.ts';

/** A mail as whoever delivers it has it: how it is addressed to the customer is not asked for. */
export type DeliveredMail = Pick<Mail, 'eventId' | 'orderId' | 'correlationId' | 'subject' | 'text' | 'html'>;

/** An adapter, and the mails that it has handed over beside it. */
export interface MailerUnderTest {
  readonly mailer: Mailer;
  /** The first first. */
  readonly mails: () => Promise<readonly DeliveredMail[]> | readonly DeliveredMail[];
  /** From here on nothing gets through. */
  readonly breakDown: () => void;
}

const MAIL: Mail = {
  eventId: 'ord_5x0hq2v7m3k9c4tz1wby#OrderKept#2026-01-15T09:36:00.000Z',
  orderId: 'ord_5x0hq2v7m3k9c4tz1wby',
  // As API Gateway makes them.
  correlationId: 'JKJaXmPLvHcESHA=',
  to: "o'hara+shop@xn--mgbh0fb.example",
  subject: 'Your order is on its way',
  text: 'A parcel:\n\n- 2 × MUG, ¥2,500 each',
  html: '<!doctype html><p lang="ja">湯呑み &amp; more</p>',
};
const { to, ...DELIVERED } = MAIL;

/**
 * What the port (`lambdas/listeners/mailer.ts`) asks of any adapter.
 * @param open a mailer that has sent nothing yet
 */
export const mailerContract = (
  name: string,
  open: () => MailerUnderTest | Promise<MailerUnderTest>,
): void => {
  describe(`the mailer ${name}`, () => {
    it('hands a mail over as it is, in both forms, and says which event of which order it is about', async () => {
      const { mailer, mails } = await open();
      await mailer.send(MAIL);
      expect(await mails()).toEqual([DELIVERED]);
    });

    it('sends the same where it is asked again, and nothing of it gets lost', async () => {
      const { mailer, mails } = await open();
      await mailer.send(MAIL);
      await mailer.send(MAIL);
      const sent = await mails();
      expect(sent.length).toBeGreaterThan(0);
      for (const each of sent) expect(each).toEqual(DELIVERED);
    });

    it('takes mails about other events for others', async () => {
      const { mailer, mails } = await open();
      const other = { ...MAIL, eventId: `${MAIL.orderId}#OrderCancelled`, subject: 'Another' };
      await mailer.send(MAIL);
      await mailer.send(other);
      expect((await mails()).map(({ eventId }) => eventId)).toEqual([MAIL.eventId, other.eventId]);
    });

    it('takes a long one', async () => {
      const { mailer, mails } = await open();
      const text = 'x'.repeat(100_000);
      await mailer.send({ ...MAIL, text });
      expect(await mails()).toEqual([{ ...DELIVERED, text }]);
    });

    it('says so where it cannot be told, and quotes neither address nor letter', async () => {
      const { mailer, mails, breakDown } = await open();
      breakDown();
      const error = await mailer.send(MAIL).then(
        () => undefined,
        (reason: Error) => reason,
      );
      expect(error).toBeInstanceOf(Error);
      for (const secret of [to, MAIL.subject, MAIL.text, MAIL.html])
        expect(`${error?.message} ${JSON.stringify(error)} ${error?.cause ?? ''}`).not.toContain(secret);
      expect(await mails()).toEqual([]);
    });
  });
};
