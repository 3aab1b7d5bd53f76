import * as z from 'zod';
import type { Books } from './books.ts';
import type { Form } from './form.ts';
import { boolean, integer, list, metadata, parametersOf, text } from './parameters.ts';
import { paymentIntents } from './payment-intents.ts';
import { refunds } from './refunds.ts';
import { invalidRequest, missing } from './stripe-error.ts';

/** What an account has at Stripe, and what can be done with it. */
export const newAccount = (books: Books) => ({
  books,
  intents: paymentIntents(books),
  refunds: refunds(books),
});
export type Account = ReturnType<typeof newAccount>;

/**
 * The least that is charged, in minor units; other currencies have theirs
 * (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
 */
const LEAST: Readonly<Record<string, number>> = { usd: 50, eur: 50, chf: 50, gbp: 30 };

/** "The amount value supports up to eight digits" (https://docs.stripe.com/api/payment_intents/create). */
const amount = integer
  .refine((asked) => asked > 0, 'parameter_invalid_integer')
  .refine((asked) => asked < 100_000_000, 'amount_too_large');
const expand = list.optional();
const newMetadata = metadata.optional();

/** What an intent takes only where it is confirmed at once. */
const confirmation = {
  mandate_data: z
    .strictObject({
      customer_acceptance: z
        .strictObject({
          type: z.enum(['online', 'offline']),
          accepted_at: integer.optional(),
          online: z.strictObject({ ip_address: text, user_agent: text }).optional(),
        })
        .refine(({ type, online }) => type === 'offline' || online, { path: ['online'], message: '' }),
    })
    .optional(),
  off_session: boolean.optional(),
  error_on_requires_action: boolean.optional(),
  return_url: text.optional(),
};

const NewIntent = z
  .strictObject({
    amount,
    currency: z.string().regex(/^[a-z]{3}$/, 'must be a three-letter ISO code, in lowercase'),
    payment_method: text.optional(),
    allowed_payment_method_types: list.optional(),
    payment_method_types: z.undefined('payment_method_types_no_longer_supported').optional(),
    automatic_payment_methods: z
      .strictObject({ enabled: boolean, allow_redirects: z.enum(['always', 'never']).optional() })
      .optional(),
    confirm: boolean.optional(),
    description: text.optional(),
    metadata: newMetadata,
    expand,
    ...confirmation,
  })
  .refine((asked) => asked.amount >= (LEAST[asked.currency] ?? 1), {
    path: ['amount'],
    message: 'amount_too_small',
  })
  .refine((asked) => !(asked.allowed_payment_method_types && asked.automatic_payment_methods), {
    path: ['allowed_payment_method_types'],
    message: 'parameters_exclusive',
  })
  .superRefine((asked, { addIssue }) => {
    for (const name of Object.keys(confirmation) as (keyof typeof confirmation)[])
      if (!asked.confirm && asked[name] !== undefined)
        addIssue({ code: 'custom', path: [name], message: 'can only be used with `confirm=true`' });
  });

const NewRefund = z
  .strictObject({
    payment_intent: text.optional(),
    charge: text.optional(),
    amount: amount.optional(),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
    metadata: newMetadata,
    expand,
  })
  .refine(({ payment_intent, charge }) => payment_intent || charge, { path: ['charge'], message: '' })
  .refine(({ payment_intent, charge }) => !(payment_intent && charge), {
    path: ['charge'],
    message: 'parameters_exclusive',
  });

const Retrieval = z.strictObject({ expand });

export interface Operation {
  /** As the `stripe` packages call it: `payment_intents.confirm`. */
  readonly name: string;
  /** The object that its path names. */
  readonly id: string;
  /**
   * Checks the parameters.
   * @returns what performs it, and returns the object to answer
   * @throws StripeError
   */
  readonly prepare: (account: Account, form: Form) => () => object;
}

const operation =
  <Schema extends z.ZodType<{ expand?: string[] | undefined }>>(
    name: string,
    schema: Schema,
    perform: (account: Account, parameters: z.output<Schema>, id: string) => object,
  ) =>
  (id: string): Operation => ({
    name,
    id,
    prepare: (account, form) => {
      const parameters = parametersOf(schema, form);
      return () => expanded(account.books, perform(account, parameters, id), parameters.expand);
    },
  });

/** The object with what it names by id in its place (https://docs.stripe.com/api/expanding_objects). */
const expanded = (books: Books, object: object, paths: readonly string[] = []): object => {
  const copy = structuredClone(object);
  for (const path of paths) {
    let at = copy as Record<string, unknown>;
    for (const field of path.split('.')) {
      const id = at[field];
      const found =
        typeof id === 'string' && (books.intents.get(id) ?? books.charges.get(id) ?? books.refunds.get(id));
      if (found) at[field] = structuredClone(found);
      else if (id !== null && typeof id !== 'object')
        throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
      if (at[field] === null) break;
      at = at[field] as Record<string, unknown>;
    }
  }
  return copy;
};

const ROUTES: readonly (readonly [route: RegExp, (id: string) => Operation])[] = [
  [
    /^POST \/v1\/payment_intents$/,
    operation('payment_intents.create', NewIntent, ({ intents }, { confirm, ...asked }) =>
      intents.create(asked, confirm ? asked : undefined),
    ),
  ],
  [
    /^GET \/v1\/payment_intents\/([^/]+)$/,
    operation('payment_intents.retrieve', Retrieval, ({ intents }, _, id) => intents.retrieve(id)),
  ],
  [
    /^POST \/v1\/payment_intents\/([^/]+)\/confirm$/,
    operation(
      'payment_intents.confirm',
      z.strictObject({ payment_method: text.optional(), expand, ...confirmation }),
      ({ intents }, how, id) => intents.confirm(id, how),
    ),
  ],
  [
    /^POST \/v1\/payment_intents\/([^/]+)\/cancel$/,
    operation(
      'payment_intents.cancel',
      z.strictObject({
        cancellation_reason: z
          .enum(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'])
          .optional(),
        expand,
      }),
      ({ intents }, { cancellation_reason }, id) => intents.cancel(id, cancellation_reason ?? null),
    ),
  ],
  [
    /^POST \/v1\/refunds$/,
    operation('refunds.create', NewRefund, (account, asked) => account.refunds.create(asked)),
  ],
  [
    /^GET \/v1\/refunds\/([^/]+)$/,
    operation('refunds.retrieve', Retrieval, (account, _, id) => account.refunds.retrieve(id)),
  ],
  [
    /^GET \/v1\/charges\/([^/]+)$/,
    operation('charges.retrieve', Retrieval, ({ books }, _, id) => {
      const charge = books.charges.get(id);
      if (!charge) throw missing('charge', id, 'id', 404);
      return charge;
    }),
  ],
];

/** @throws StripeError 404 where Stripe, or this double, has no such operation */
export const operationOf = (method: string, path: string): Operation => {
  const asked = `${method} ${path}`;
  for (const [route, operationFor] of ROUTES) {
    const [matched, id = ''] = route.exec(asked) ?? [];
    if (matched !== undefined) return operationFor(id);
  }
  throw invalidRequest(`Unrecognized request URL (${method}: ${path}).`, {}, 404);
};
