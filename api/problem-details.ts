import * as z from 'zod';
import { PROBLEMS, type ProblemName, typeOf } from './problems.ts';
import type { Told } from './told.ts';

export const FieldError = z
  .object({
    field: z
      .string()
      .meta({ description: 'Its path, `items[0].quantity`; a header or a parameter by its name.' }),
    message: z.string().meta({ description: 'What is wrong with it, to be read behind its name.' }),
  })
  .meta({ id: 'FieldError', description: 'One bad field of a request.' });
export type FieldError = Told<typeof FieldError>;

/** When each problem comes. */
export const WHEN: Readonly<Record<ProblemName, string>> = {
  'not-json': 'also where it is not UTF-8, or not there',
  'invalid-fields': 'a field of the body, a header, `limit`, `cursor`, `status` or `customer`',
  'items-not-for-sale':
    'not in the catalogue, or without a good price there; in two currencies; or all in all more than can be charged',
  'not-from-provider': 'not there, of other bytes than these, by another secret, or old',
  unauthenticated:
    "no authorizer vouches for a caller whom the stage takes, or the shop's backend names no customer",
  'not-an-operator':
    "the caller does not belong to the operators' group, or has not called by the operators' API",
  'order-not-found': 'no such order of this customer; below `/ops`, no such order',
  'listener-not-found': '`detail` names those there are',
  'replay-not-found': 'none that was started here',
  'order-in-progress': 'it cannot be cancelled, or its personal data erased, yet',
  'order-already-cancelled': 'it cannot be cancelled again',
  'parcel-dispatched': 'it cannot be cancelled any more',
  'order-not-parked': 'it cannot be resumed, or not any more',
  'order-being-resumed':
    'another call is at work on it; a word that was left half-way counts no more after 15 seconds',
  'reconciliation-under-way': 'a pass of `reconcile-orders` is at work, and goes on by itself',
  'body-too-large': 'more than 64 KiB',
  'idempotency-key-reused': 'an order is one body: another one wants another key',
  'internal-error': 'the correlation id finds it in the logs',
};

/** `order-not-found` as `OrderNotFound`. */
export const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)(.)/g, (_, letter) => letter.toUpperCase());

const detailsOf = (name: ProblemName): z.ZodObject => {
  const { status, title } = PROBLEMS[name];
  const details = z.object({
    type: z.literal(typeOf(name)).meta({ description: 'Tells programs what it is, and stays.' }),
    title: z.literal(title).meta({ description: 'Says the same to people.' }),
    status: z.literal(status).meta({ description: 'That of HTTP.' }),
    detail: z.string().meta({ description: 'What it is about this time, for people.' }),
    // What is refused for what stands in it is a 400.
    ...(status === 400 && {
      errors: z.array(FieldError).meta({ description: 'Each bad field, the first 100 of them.' }).optional(),
    }),
  });
  return details.meta({ id: pascalCase(name), description: `${title}: ${WHEN[name]}.` });
};

/** Problem details (RFC 9457), by the problem's name. */
export const PROBLEM_DETAILS: ReadonlyMap<ProblemName, z.ZodObject> = new Map(
  (Object.keys(PROBLEMS) as ProblemName[]).map((name) => [name, detailsOf(name)]),
);

/** As anybody reads one who is told of some problem, or of what the gateway itself has refused. */
export interface Refusal {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** The gateway's word. */
  readonly message?: string;
}

export const GatewayRefusal = z
  .object({ message: z.string().meta({ description: 'Why.' }) })
  .meta({ id: 'GatewayRefusal', description: 'What API Gateway itself refuses is no problem details.' });
