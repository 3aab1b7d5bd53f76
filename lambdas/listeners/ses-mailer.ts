import { SESv2Client, SESv2ServiceException, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { MailerUnavailableError, MailRefusedError } from './errors.ts';
import type { Mailer } from './mailer.ts';

export interface SesMailerProps {
  /** The sender's address: it, or its domain, is an identity that SES has verified in this region. */
  readonly mailFrom: string;
  /** The configuration set, by its name: it says where SES publishes what has become of a mail. */
  readonly mailConfigurationSet: string;
}

/**
 * What another attempt may change: too many mails in this second, or in these 24 hours, and what an operator has paused.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
 * https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
 */
const TRANSIENT: readonly string[] = [
  'TooManyRequestsException',
  'ThrottlingException',
  'LimitExceededException',
  'SendingPausedException',
];

const isTransient = ({ name, $metadata: { httpStatusCode = 0 } }: SESv2ServiceException): boolean =>
  TRANSIENT.includes(name) || httpStatusCode >= 500;

/**
 * SES, by version 2 of its API. It has no idempotency: a call whose answer was lost is a mail, and its repeat another.
 * To an address on the account's suppression list it sends nothing, and accepts the mail all the same
 * (https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html): that, bounces and complaints are told
 * by the events of the configuration set, which name the order by a tag, and the event and the correlation id by headers: a
 * tag's value takes letters, digits, `_` and `-` alone
 * (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html).
 */
export const sesMailer = ({ mailFrom, mailConfigurationSet }: SesMailerProps): Mailer => {
  const client = new SESv2Client({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
  return {
    send: async ({ eventId, orderId, correlationId, to, subject, text, html }) => {
      const content = (Data: string) => ({ Data, Charset: 'UTF-8' });
      const command = new SendEmailCommand({
        FromEmailAddress: mailFrom,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: content(subject),
            Body: { Text: content(text), Html: content(html) },
            Headers: [
              { Name: 'X-Event-Id', Value: eventId },
              { Name: 'X-Correlation-Id', Value: correlationId },
            ],
          },
        },
        ConfigurationSetName: mailConfigurationSet,
        EmailTags: [{ Name: 'orderId', Value: orderId }],
      });
      try {
        await client.send(command);
      } catch (error) {
        // By its name alone: the message of a refusal may quote the customer's address.
        // https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
        const { name } = error as Error;
        if (error instanceof SESv2ServiceException && !isTransient(error))
          throw new MailRefusedError(orderId, name);
        throw new MailerUnavailableError(orderId, name);
      }
    },
  };
};
