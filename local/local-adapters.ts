import { type AdapterName, environmentKey, needsOf, PORTS, type Port } from '../configuration/adapters.ts';
import { STRIPE_PAYMENT_METHODS } from '../configuration/stripe-payment-methods.ts';

/** Which adapters stand behind the ports; the sandbox, where none is said. */
export type ChosenAdapters = { readonly [P in Port]?: AdapterName<P> | undefined };

/** What the adapters are told locally, by context key. */
const SETTINGS: Readonly<Record<string, string>> = {
  stripePaymentMethods: STRIPE_PAYMENT_METHODS.join(','),
  easypostSender: JSON.stringify({
    company: 'order-saga',
    street1: 'Lagerstr. 1',
    city: 'Bremen',
    zip: '28195',
    country: 'DE',
  }),
  easypostPiece: JSON.stringify({ grams: 400, length: 12, width: 12, height: 10 }),
  easypostServices: 'USPS GroundAdvantage',
  mailFrom: 'orders@shop.example',
  mailConfigurationSet: 'orders',
};
/** What is in the secrets that they are told of: what their doubles take, or sign webhooks with. */
const SECRETS: Readonly<Record<string, string>> = {
  stripeSecret: 'sk_test_local',
  stripeWebhookSecret: 'whsec_local',
  easypostSecret: 'EZTK_local',
};
export const STRIPE_WEBHOOK_SECRET = String(SECRETS.stripeWebhookSecret);

/** `stripeWebhookSecret` is `order-saga/stripe-webhook-local1`, with the six letters that AWS gives every ARN. */
const secretArnOf = (key: string) =>
  `arn:aws:secretsmanager:us-east-1:000000000000:secret:order-saga/${key
    .replace('Secret', '')
    .replace(/(?=[A-Z])/g, '-')
    .toLowerCase()}-local1`;

export const adapterBehind = (port: Port, chosen: ChosenAdapters): string => chosen[port] ?? 'sandbox';

/** The CDK context that chooses these adapters. */
export const contextOf = (chosen: ChosenAdapters): Record<string, string | undefined> =>
  Object.fromEntries(
    PORTS.flatMap((port) => {
      const name = adapterBehind(port, chosen);
      const { secrets, webhookSecrets, settings } = needsOf(port, name);
      return [
        [port, name],
        ...[...secrets, ...webhookSecrets].map((key) => [key, secretArnOf(key)]),
        ...Object.keys(settings).map((key) => [key, SETTINGS[key]]),
      ];
    }),
  );

type Variables = Readonly<Record<string, string | undefined>>;

/** What is in each secret that the functions are told of, by its ARN. */
export const secretsIn = (environments: readonly Variables[]): ReadonlyMap<string, string> =>
  new Map(
    environments.flatMap((variables) =>
      Object.entries(SECRETS).flatMap(([key, text]): [string, string][] => {
        const arn = variables[environmentKey(key)];
        return arn === undefined ? [] : [[arn, text]];
      }),
    ),
  );

/** Whether the functions are told that this adapter stands behind the port. */
export const isBehind = <P extends Port>(
  environments: readonly Variables[],
  port: P,
  name: AdapterName<P>,
): boolean => environments.some((variables) => variables[environmentKey(port)] === name);
