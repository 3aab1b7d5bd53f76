import type * as z from 'zod';
import { EasypostPiece, EasypostSender, EasypostServices } from './easypost.ts';
import { MailConfigurationSet, MailFrom } from './ses.ts';
import { StripePaymentMethods } from './stripe-payment-methods.ts';

/** What an adapter is told, where it is chosen, by the context keys that say it (`-c stripeSecret=...`). */
interface AdapterNeeds {
  /** The keys of the ARNs of secrets, which the port's functions may read then. */
  readonly secrets?: readonly string[];
  /** The keys of the ARNs of secrets that sign what the provider tells: only who hears that may read them. */
  readonly webhookSecrets?: readonly string[];
  /** The keys of texts, and what each has to be; the adapter gets what its model makes of it. */
  readonly settings?: Readonly<Record<string, z.ZodType<unknown, string | undefined>>>;
}

/**
 * The adapters that may stand behind each port, by the names that configuration knows them by, and what each is told. The
 * one file that makes an adapter from it is its service's (`adapterOf` in `lambdas/runtime/adapter.ts`); all else is derived.
 */
export const ADAPTERS = {
  paymentProvider: {
    sandbox: {},
    stripe: {
      secrets: ['stripeSecret'],
      webhookSecrets: ['stripeWebhookSecret'],
      settings: { stripePaymentMethods: StripePaymentMethods.prefault('card') },
    },
  },
  carrier: {
    sandbox: {},
    easypost: {
      secrets: ['easypostSecret'],
      settings: {
        easypostSender: EasypostSender,
        easypostPiece: EasypostPiece,
        easypostServices: EasypostServices,
      },
    },
  },
  mailer: {
    sandbox: {},
    ses: { settings: { mailFrom: MailFrom, mailConfigurationSet: MailConfigurationSet } },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, AdapterNeeds>>>>;

export type Port = keyof typeof ADAPTERS;
export const PORTS = Object.keys(ADAPTERS) as readonly Port[];

export type AdapterName<P extends Port> = Extract<keyof (typeof ADAPTERS)[P], string>;
export const adapterNames = <P extends Port>(port: P) => Object.keys(ADAPTERS[port]) as AdapterName<P>[];

/** @throws Error where there is no such adapter */
export const needsOf = (port: Port, name: string): Required<AdapterNeeds> => {
  const known: Readonly<Record<string, AdapterNeeds>> = ADAPTERS[port];
  const needs = known[name];
  if (!needs) throw new Error(`${port}: there is no adapter ${name}`);
  return { secrets: [], webhookSecrets: [], settings: {}, ...needs };
};

type Needs<P extends Port, Name extends AdapterName<P>> = (typeof ADAPTERS)[P][Name];
type Secrets<N> =
  | (N extends { readonly secrets: readonly (infer Key extends string)[] } ? Key : never)
  | (N extends { readonly webhookSecrets: readonly (infer Key extends string)[] } ? Key : never);
type Settings<N> = N extends { readonly settings: infer S extends Record<string, z.ZodType> } ? S : object;

/** What an adapter is told, by context key: of a secret the ARN, of a setting what its model makes of it. */
export type Told<P extends Port, Name extends AdapterName<P>> = {
  readonly [Key in Secrets<Needs<P, Name>>]: string;
} & {
  readonly [Key in keyof Settings<Needs<P, Name>>]: Settings<Needs<P, Name>>[Key] extends z.ZodType
    ? z.output<Settings<Needs<P, Name>>[Key]>
    : never;
};

/** A context key as the environment of a function has it: `stripeSecret` is `STRIPE_SECRET`. */
export const environmentKey = (key: string) => key.replace(/(?=[A-Z])/g, '_').toUpperCase();
/** The key of the table that a port's sandbox keeps its book in. */
export const sandboxTableKey = (port: Port) => `SANDBOX_${environmentKey(port)}_TABLE`;
