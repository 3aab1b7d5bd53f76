import { beforeEach, describe, expect, it } from '@jest/globals';
import { stripeNotices } from '../../../lambdas/payment/stripe-notices.ts';
import { type StripeDouble, stripeDouble } from '../../../local/stripe/stripe.ts';
import { secretsInMemory } from '../secrets-in-memory.ts';

const secrets = secretsInMemory();
let arn: string;
beforeEach(() => {
  arn = secrets.made('whsec_ours');
});

type Headers = Readonly<Record<string, string>>;
type Sent = readonly [headers: Headers, body: string];

/** What the double's webhooks send of an order's payment. */
const sentBy = async (
  signedBy: readonly string[],
  act: (post: (path: string, form: Record<string, string>) => Promise<{ id: string }>) => Promise<unknown>,
  double: StripeDouble = stripeDouble(),
): Promise<Sent[]> => {
  const sent: Sent[] = [];
  double.addWebhookEndpoint({
    secrets: signedBy,
    send: async (...request) => sent.push(request) > 0,
  });
  await act(async (path, form) => {
    const answer = await double.handle({
      method: 'POST',
      url: new URL(`http://api.stripe.com/v1/${path}`),
      headers: { authorization: 'Bearer sk_test_local' },
      body: Buffer.from(`${new URLSearchParams(form)}`),
    });
    return JSON.parse(String(answer?.body));
  });
  await double.settled();
  return sent;
};

const PAYMENT = {
  amount: '2500',
  currency: 'eur',
  payment_method: 'pm_card_visa',
  'allowed_payment_method_types[0]': 'card',
  confirm: 'true',
};
const OF_AN_ORDER = { ...PAYMENT, 'metadata[orderId]': 'ord_1' };
const paid = async (...signedBy: readonly string[]) => {
  const [sent] = await sentBy(signedBy, (post) => post('payment_intents', OF_AN_ORDER));
  if (!sent) throw new Error('nothing was sent');
  return sent;
};
const REFUSED = { name: 'NotFromProviderError', message: expect.not.stringContaining('ord_1') };

describe('a webhook of Stripe', () => {
  it('tells of which payment it is, and a replay tells the same', async () => {
    const [headers, body] = await paid('whsec_ours');
    const told = { orderId: 'ord_1', intentId: JSON.parse(body).data.object.id, isOfRefund: false };
    const noticeOf = stripeNotices(arn);
    await expect(noticeOf(headers, body)).resolves.toEqual(told);
    await expect(noticeOf(headers, body)).resolves.toEqual(told);
    expect(secrets.asked(arn)).toBe(1);
  });

  it.each<readonly [string, (sent: Sent) => Sent]>([
    ['another body', ([headers, body]) => [headers, body.replace('ord_1', 'ord_2')]],
    [
      'a body that was parsed and written anew',
      ([headers, body]) => [headers, JSON.stringify(JSON.parse(body))],
    ],
    [
      'another time',
      ([headers, body]) => [
        { ...headers, 'stripe-signature': (headers['stripe-signature'] ?? '').replace(/t=\d/, 't=2') },
        body,
      ],
    ],
    ['no signature', ([{ 'stripe-signature': _, ...headers }, body]) => [headers, body]],
    ['an empty signature', ([headers, body]) => [{ ...headers, 'stripe-signature': '' }, body]],
    [
      'a signature of another scheme',
      ([headers, body]) => [
        { ...headers, 'stripe-signature': (headers['stripe-signature'] ?? '').replace('v1=', 'v0=') },
        body,
      ],
    ],
    ['no body', ([headers]) => [headers, '']],
  ])('is refused with %s', async (_, changed) => {
    await expect(stripeNotices(arn)(...changed(await paid('whsec_ours')))).rejects.toMatchObject(REFUSED);
  });

  it('is refused where another has signed it', async () => {
    await expect(stripeNotices(arn)(...(await paid('whsec_forged')))).rejects.toMatchObject(REFUSED);
  });

  it.each([
    [299, true],
    [301, false],
  ])('is believed for five minutes: signed %i s ago, %s', async (ago, isBelieved) => {
    const double = stripeDouble({ clock: () => Date.now() - ago * 1_000 });
    const [sent] = await sentBy(['whsec_ours'], (post) => post('payment_intents', OF_AN_ORDER), double);
    const noticed = stripeNotices(arn)(...(sent as Sent)).then(
      () => true,
      ({ name }: Error) => name !== REFUSED.name,
    );
    await expect(noticed).resolves.toBe(isBelieved);
  });

  it('is believed by either secret while Stripe signs with both', async () => {
    const sent = await paid('whsec_new', 'whsec_ours');
    await expect(stripeNotices(arn)(...sent)).resolves.toMatchObject({ orderId: 'ord_1' });
  });

  it('has the secret asked for no oftener where it is forged', async () => {
    const noticeOf = stripeNotices(arn);
    for (const secret of ['whsec_forged', 'whsec_ours', 'whsec_forged'])
      await noticeOf(...(await paid(secret))).catch(() => {});
    expect(secrets.asked(arn)).toBe(1);
  });

  it('tells of a refund that has failed, whose it is', async () => {
    const double = stripeDouble();
    const sent = await sentBy(
      ['whsec_ours'],
      async (post) => {
        const { id } = await post('payment_intents', {
          ...OF_AN_ORDER,
          payment_method: 'pm_card_refundFail',
        });
        const refund = await post('refunds', { payment_intent: id, 'metadata[orderId]': 'ord_1' });
        double.settle(refund.id, false);
      },
      double,
    );
    const noticed = await Promise.all(sent.map((each) => stripeNotices(arn)(...each)));
    expect(noticed.filter((each) => each?.isOfRefund)).toEqual([
      { orderId: 'ord_1', intentId: expect.stringMatching(/^pi_/), isOfRefund: true },
    ]);
  });

  it('is nothing to us where it is about something else', async () => {
    const sent = await sentBy(['whsec_ours'], async (post) => {
      const { id } = await post('payment_intents', OF_AN_ORDER);
      await post('refunds', { payment_intent: id });
      await post('payment_intents', PAYMENT);
    });
    const types = sent.map(([, body]) => JSON.parse(body).type);
    expect(types.sort()).toEqual(['charge.refunded', 'payment_intent.succeeded', 'payment_intent.succeeded']);
    const noticed = await Promise.all(sent.map((each) => stripeNotices(arn)(...each)));
    expect(noticed.filter((each) => each !== undefined)).toHaveLength(1);
  });
});
