import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../http.ts';
import { ACCOUNT, REGION, type Resource } from '../template.ts';
import { AwsError, notEmulated } from './aws-error.ts';

/** A mail that SES has accepted. */
export interface AcceptedMail {
  readonly messageId: string;
  /** RFC 3339, UTC. */
  readonly sentAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  /** By name. */
  readonly tags: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly configurationSet: string | undefined;
  /** The address is on the suppression list: the mail was accepted, and is sent to nobody. */
  readonly isSuppressed: boolean;
}

export interface SesProps {
  /** Addresses and domains that were verified. */
  readonly identities: readonly string[];
  readonly configurationSets: readonly string[];
  /** @throws AwsError where the caller may not */
  readonly authorize: (
    caller: string,
    action: string,
    resource: string,
    context: Readonly<Record<string, readonly string[]>>,
  ) => void;
}

interface Content {
  readonly Data?: string;
  readonly Charset?: string;
}
interface SendEmail {
  readonly FromEmailAddress?: string;
  readonly Destination?: { readonly [Kind in 'ToAddresses' | 'CcAddresses' | 'BccAddresses']?: string[] };
  readonly Content?: {
    readonly Simple?: {
      readonly Subject?: Content;
      readonly Body?: { readonly Text?: Content; readonly Html?: Content };
      readonly Headers?: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
  readonly ConfigurationSetName?: string;
  readonly EmailTags?: readonly { readonly Name: string; readonly Value: string }[];
}

const SEND = 'POST /v2/email/outbound-emails';
const KNOWN = ['FromEmailAddress', 'Destination', 'Content', 'ConfigurationSetName', 'EmailTags'];

/** The mailbox simulator's, which is suppressed for everybody: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html */
const SUPPRESSED = 'suppressionlist@simulator.amazonses.com';

/** SES takes no SMTPUTF8: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html */
const ADDRESS = /^[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+$/;
/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html */
const TAG = /^[A-Za-z0-9_-]{1,256}$/;
/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageHeader.html */
const HEADER = { name: /^[!-9;-@A-~]{1,126}$/, value: /^[ -~]{1,870}$/ };
/** To, Cc and Bcc together: https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const MOST_RECIPIENTS = 50;

/** What is not ASCII is lost without a charset: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Content.html */
const dataOf = ({ Data, Charset }: Content = {}): string | undefined =>
  Charset === 'UTF-8' ? Data : Data?.replace(/[\u0080-\u{10ffff}]/gu, '?');

const bad = (message: string) => new AwsError('BadRequestException', message);
const byName = (pairs: readonly { readonly Name: string; readonly Value: string }[]) =>
  Object.fromEntries(pairs.map(({ Name, Value }) => [Name, Value]));

/**
 * SES v2, as far as simple mails are sent by it: it keeps what it has accepted, the first first. The account is out of the
 * sandbox, and has no quota.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export const ses = ({ identities, configurationSets, authorize }: SesProps) => {
  const accepted: AcceptedMail[] = [];

  /**
   * An address is an identity of its own, or its domain's; the address goes first. The case of its first part counts.
   * https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
   */
  const identityOf = (address: string): string | undefined => {
    const [, domain = ''] = address.split('@');
    return [address, domain.toLowerCase()].find((each) => identities.includes(each));
  };

  const send = (request: SendEmail, caller: string): AcceptedMail => {
    const {
      FromEmailAddress: from = '',
      Destination = {},
      Content = {},
      ConfigurationSetName: set,
    } = request;
    const unknown = Object.keys(request).filter((field) => !KNOWN.includes(field));
    if (!Content.Simple) unknown.push('Content without Simple');
    if (unknown.length > 0) throw notEmulated(`SendEmail with ${unknown.join(', ')}`);
    const recipients = Object.values(Destination).flat();

    const context = { 'ses:FromAddress': [from], 'ses:Recipients': recipients };
    const identity = identityOf(from);
    const on = (resource: string) => `arn:aws:ses:${REGION}:${ACCOUNT}:${resource}`;
    authorize(caller, 'ses:SendEmail', on(`identity/${identity ?? from}`), context);
    // An identity alone is not enough: https://github.com/aws/aws-cdk/issues/34402
    if (set !== undefined) authorize(caller, 'ses:SendEmail', on(`configuration-set/${set}`), context);

    if (recipients.length === 0 || recipients.length > MOST_RECIPIENTS)
      throw bad(`Recipient count is not between 1 and ${MOST_RECIPIENTS}.`);
    if (!recipients.every((each) => ADDRESS.test(each))) throw bad('Illegal address');
    const { Subject, Body = {}, Headers = [] } = Content.Simple ?? {};
    if (!Subject?.Data || !(Body.Text?.Data || Body.Html?.Data)) throw bad('Subject and Body are required.');
    const tags = request.EmailTags ?? [];
    for (const { Name, Value } of tags)
      if (!TAG.test(Name) || !TAG.test(Value))
        throw bad(
          `Invalid tag value <${Value}>: only alphanumeric ASCII characters, '_', and '-' are allowed.`,
        );
    for (const { Name, Value } of Headers)
      if (!HEADER.name.test(Name) || !HEADER.value.test(Value)) throw bad(`Invalid header <${Name}>.`);
    if (set !== undefined && !configurationSets.includes(set))
      throw new AwsError('NotFoundException', `Configuration set <${set}> does not exist.`, {}, 404);
    if (!identity)
      throw new AwsError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region ${REGION.toUpperCase()}: ${from}`,
      );
    return {
      messageId: `0100${randomUUID().replaceAll('-', '').slice(4, 16)}-${randomUUID()}-000000`,
      sentAt: new Date().toISOString(),
      from,
      to: recipients,
      subject: dataOf(Subject) ?? '',
      text: dataOf(Body.Text),
      html: dataOf(Body.Html),
      tags: byName(tags),
      headers: byName(Headers),
      configurationSet: set,
      isSuppressed: recipients.includes(SUPPRESSED),
    };
  };

  return {
    /** What was accepted so far, whether or not it is sent. */
    accepted: (): readonly AcceptedMail[] => accepted,
    /**
     * @param content parses the body
     * @returns undefined if the path is not one of SES's
     * @throws AwsError
     */
    serve: ({ method, url }: HttpRequest, content: () => unknown, caller: string): object | undefined => {
      if (!url.pathname.startsWith('/v2/email/')) return undefined;
      if (`${method} ${url.pathname}` !== SEND) throw notEmulated(`${method} ${url.pathname}`);
      const mail = send(content() as SendEmail, caller);
      accepted.push(mail);
      return { MessageId: mail.messageId };
    },
  };
};
export type Ses = ReturnType<typeof ses>;

/**
 * What the account has, as far as functions of the template are told of it: the domain of whom they send as is verified,
 * and the configuration set is there.
 */
export const accountIn = (
  resources: readonly Resource[],
): Pick<SesProps, 'identities' | 'configurationSets'> => {
  const told = resources.map(
    ({ properties }) =>
      (properties.Environment as { Variables?: Record<string, string> } | undefined)?.Variables ?? {},
  );
  return {
    identities: told.flatMap(({ MAIL_FROM }) => MAIL_FROM?.split('@').slice(1) ?? []),
    configurationSets: told.flatMap(({ MAIL_CONFIGURATION_SET: set }) => set ?? []),
  };
};
