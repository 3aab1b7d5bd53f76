import { SESv2Client, SESv2ServiceException, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { sesMailer } from '../../../lambdas/listeners/ses-mailer.ts';
import { awsEndpoint } from '../../../local/aws/aws-endpoint.ts';
import { type AcceptedMail, ses } from '../../../local/aws/ses.ts';
import { calls } from '../../../local/faults/calls.ts';
import { gates } from '../../../local/faults/gates.ts';
import { type HttpServer, serveHttp } from '../../../local/http.ts';
import { type DeliveredMail, mailerContract } from '../../adapters/mailer.ts';

const TOLD = { mailFrom: 'orders@shop.example', mailConfigurationSet: 'orders' };
const MAIL = {
  eventId: 'ord_1#OrderConfirmed',
  orderId: 'ord_1',
  correlationId: 'JKJaXmPLvHcESHA=',
  to: 'ada@example.com',
  subject: 'Your order',
  text: 'is on its way',
  html: '<p>is on its way</p>',
};

const asDelivered = ({ headers, tags, subject, text, html }: AcceptedMail): DeliveredMail => ({
  eventId: headers['X-Event-Id'] ?? '',
  correlationId: headers['X-Correlation-Id'] ?? '',
  orderId: tags.orderId ?? '',
  subject,
  text: text ?? '',
  html: html ?? '',
});

describe('on the local SES', () => {
  let server: HttpServer;
  let account: ReturnType<typeof ses>;
  beforeAll(async () => {
    server = await serveHttp(0, (request) => {
      const gate = gates();
      const serve = awsEndpoint({
        services: {},
        lambda: async () => undefined,
        ses: account,
        cloudFormation: (() => undefined) as never,
        doubles: {},
        gates: gate,
        calls: calls({ gates: gate, fail: () => {} }),
      });
      return serve(request);
    });
    process.env.AWS_ENDPOINT_URL_SESV2 = server.url;
  });
  afterAll(async () => {
    delete process.env.AWS_ENDPOINT_URL_SESV2;
    await server.close();
  });

  const open = () => {
    let isDown = false;
    account = ses({
      identities: ['shop.example', 'alone@elsewhere.example'],
      configurationSets: ['orders'],
      authorize: () => {
        if (isDown) throw new Error('SES is away');
      },
    });
    return {
      mailer: sesMailer(TOLD),
      mails: () => account.accepted().map(asDelivered),
      breakDown: () => {
        isDown = true;
      },
    };
  };
  mailerContract('ses', open);

  it('says who it is from and where it goes, and of which order, so that what becomes of it can be told', async () => {
    const { mailer } = open();
    await mailer.send(MAIL);
    expect(account.accepted()).toMatchObject([
      {
        from: 'orders@shop.example',
        to: ['ada@example.com'],
        configurationSet: 'orders',
        tags: { orderId: 'ord_1' },
        headers: { 'X-Event-Id': 'ord_1#OrderConfirmed', 'X-Correlation-Id': 'JKJaXmPLvHcESHA=' },
      },
    ]);
  });

  it.each([
    ['an address that is verified by itself', 'alone@elsewhere.example'],
    ['a domain that is, whatever its case', 'orders@SHOP.example'],
  ])('sends from %s', async (_, mailFrom) => {
    open();
    await sesMailer({ ...TOLD, mailFrom }).send(MAIL);
    expect(account.accepted()).toHaveLength(1);
  });

  it.each<[string, Partial<typeof TOLD>, Partial<typeof MAIL>, string]>([
    ['a sender that is not verified', { mailFrom: 'orders@elsewhere.example' }, {}, 'MessageRejected'],
    ['an unknown configuration set', { mailConfigurationSet: 'others' }, {}, 'NotFoundException'],
    ['an address that is none', {}, { to: 'ada' }, 'BadRequestException'],
    ['a tag of signs that none may have', {}, { orderId: 'ord=1' }, 'BadRequestException'],
    ['a header of signs that none may have', {}, { eventId: 'ord_1#\n' }, 'BadRequestException'],
    ['no words', {}, { text: '', html: '' }, 'BadRequestException'],
  ])('is refused for good with %s', async (_, told, mail, why) => {
    open();
    await expect(sesMailer({ ...TOLD, ...told }).send({ ...MAIL, ...mail })).rejects.toMatchObject({
      name: 'MailRefusedError',
      message: expect.stringMatching(new RegExp(`${why}$`)),
    });
    expect(account.accepted()).toEqual([]);
  });

  it('is accepted for an address that is suppressed, to which nothing is sent', async () => {
    const { mailer } = open();
    await mailer.send({ ...MAIL, to: 'suppressionlist@simulator.amazonses.com' });
    expect(account.accepted()).toMatchObject([{ isSuppressed: true }]);
  });
});

describe('what SES answers', () => {
  const mocked = () => mockClient(SESv2Client);
  let client: ReturnType<typeof mocked>;
  beforeEach(() => {
    client = mocked();
  });
  afterEach(() => client.restore());
  const answers = (name: string, httpStatusCode = 400) =>
    client.on(SendEmailCommand).rejects(
      new SESv2ServiceException({
        name,
        $fault: 'client',
        $metadata: { httpStatusCode },
        message: `Email address is not verified. The following identities failed the check in region US-EAST-1: ${MAIL.to}`,
      }),
    );
  const sent = () => sesMailer(TOLD).send(MAIL);
  const refusedWithoutAWord = async (name: string) => {
    const error = await sent().catch((reason: Error) => reason);
    expect(error).toMatchObject({ name });
    expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toContain(MAIL.to);
  };

  it.each([
    ['TooManyRequestsException', 429],
    ['ThrottlingException', 400],
    ['LimitExceededException', 400],
    ['SendingPausedException', 400],
    ['InternalServiceErrorException', 500],
    ['ServiceUnavailable', 503],
  ])('%s (%d) is worth another attempt, and quotes nobody', async (name, status) => {
    answers(name, status);
    await refusedWithoutAWord('MailerUnavailableError');
  });

  it.each([
    ['MessageRejected', 400],
    ['MailFromDomainNotVerifiedException', 400],
    ['AccountSuspendedException', 400],
    ['BadRequestException', 400],
    ['NotFoundException', 404],
    ['AccessDeniedException', 403],
  ])('%s (%d) is for good, and quotes nobody', async (name, status) => {
    answers(name, status);
    await refusedWithoutAWord('MailRefusedError');
  });

  it('that never comes may come at another attempt', async () => {
    client.on(SendEmailCommand).rejects(Object.assign(new Error(MAIL.to), { name: 'TimeoutError' }));
    await refusedWithoutAWord('MailerUnavailableError');
  });
});
