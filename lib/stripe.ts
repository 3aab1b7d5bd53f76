import { StripePaymentMethods } from '../configuration/stripe-payment-methods.ts';

/** What has to be known where Stripe is the payment provider. */
export interface Stripe {
  /** The ARN of the secret that holds the key of its API. */
  readonly secret: string;
  /** The ARN of the secret that holds what signs its webhooks. */
  readonly webhookSecret: string;
  readonly paymentMethods: StripePaymentMethods;
}

/** The context keys that say so. */
export const STRIPE_KEYS = ['stripeSecret', 'stripeWebhookSecret', 'stripePaymentMethods'] as const;
type Key = (typeof STRIPE_KEYS)[number];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
const SECRET = /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:.+-\w{6}$/;

/**
 * What the CDK context says of Stripe (`-c stripeSecret=arn:... -c stripeWebhookSecret=arn:...`
 * `-c stripePaymentMethods=card,sepa_debit`; cards alone without).
 * @param isAsked Stripe is the payment provider
 * @param refuse is told of every key that is bad
 * @returns undefined where it is not
 */
export const stripeIn = (
  context: Readonly<Partial<Record<Key, unknown>>>,
  isAsked: boolean,
  refuse: (problem: string) => void,
): Stripe | undefined => {
  if (!isAsked) {
    for (const key of STRIPE_KEYS)
      if (context[key] !== undefined) refuse(`${key}: is for -c paymentProvider=stripe`);
    return undefined;
  }
  const secretOf = (key: Key): string => {
    const arn = String(context[key] ?? '');
    if (!SECRET.test(arn)) refuse(`${key}: "${arn}" is not the ARN of a secret`);
    return arn;
  };
  const asked = String(context.stripePaymentMethods ?? 'card');
  const paymentMethods = StripePaymentMethods.safeParse(asked);
  if (!paymentMethods.success)
    refuse(`stripePaymentMethods: "${asked}": ${paymentMethods.error.issues[0]?.message}`);
  return {
    secret: secretOf('stripeSecret'),
    webhookSecret: secretOf('stripeWebhookSecret'),
    paymentMethods: paymentMethods.data ?? [],
  };
};
