import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AcceptedMail } from './aws/ses.ts';
import type { HttpResponse } from './http.ts';
import type { LocalStack } from './stack.ts';

/** A mail about an order's event, as the mailer has handed it over: to the sandbox's mailbox, or to SES. */
export interface SentMail {
  readonly eventId: string;
  readonly orderId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** How often, and when. */
  readonly sent: number;
  readonly sentAt: string;
  /** Where it went; the sandbox forgets it. */
  readonly to?: string;
  /** SES sends nothing there. */
  readonly isSuppressed?: boolean;
}

const MAILBOX = 'ListenersSandboxMailbox';

const bySes = (accepted: readonly AcceptedMail[]): SentMail[] =>
  [...Map.groupBy(accepted, ({ headers }) => headers['X-Event-Id'] ?? '')].flatMap(([eventId, mails]) => {
    const [mail] = mails;
    if (!mail) return [];
    const { tags, to, subject, text = '', html = '', sentAt, isSuppressed } = mail;
    return {
      eventId,
      orderId: tags.orderId ?? '',
      subject,
      text,
      html,
      sent: mails.length,
      sentAt,
      to: to.join(),
      isSuppressed,
    };
  });

/** What customers were sent, one mail an event, the first first. */
export const mailsOf = async ({
  tables,
  scan,
  ses,
}: Pick<LocalStack, 'tables' | 'scan' | 'ses'>): Promise<readonly SentMail[]> => {
  const mails = tables.includes(MAILBOX)
    ? (await scan(MAILBOX)).map((item) => unmarshall(item) as SentMail)
    : bySes(ses.accepted());
  return mails.sort((one, other) => one.sentAt.localeCompare(other.sentAt));
};

/** A mail's HTML as a page of its own, which may do even less than in a mail program: nothing is loaded, and nothing runs. */
export const letterPage = (html: string): HttpResponse => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  },
  body: html,
});
