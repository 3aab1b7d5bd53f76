import * as z from 'zod';
import type { Form } from './form.ts';
import { invalidRequest } from './stripe-error.ts';

// A schema's message is the code of Stripe's error (https://docs.stripe.com/error-codes); any other is told as it is.

export const text = z.string().min(1, 'parameter_invalid_string_empty');
export const integer = z.string().regex(/^\d+$/, 'parameter_invalid_integer').transform(Number);
export const boolean = z.enum(['true', 'false']).transform((value) => value === 'true');
export const list = z.record(z.string(), text).transform((byIndex) => Object.values(byIndex));
export const metadata = z.record(z.string(), z.string());

const CODE = /^[a-z]+(_[a-z]+)+$/;

const isThere = (form: Form, path: readonly PropertyKey[]): boolean =>
  path.reduce<unknown>((at, key) => (at as Form | undefined)?.[key as string], form) !== undefined;

const refusal = (form: Form, { issues }: z.ZodError) => {
  const [issue] = issues;
  if (!issue) throw new Error('zod refused, and names no issue');
  const param = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])]
    .map((part, depth) => (depth === 0 ? String(part) : `[${String(part)}]`))
    .join('');
  // What Stripe knows, and this double does not, is refused as well: never ignored.
  if (issue.code === 'unrecognized_keys')
    return invalidRequest(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  if (!isThere(form, issue.path))
    return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  const isCode = CODE.test(issue.message);
  return invalidRequest(`Invalid ${param}${isCode ? '' : `: ${issue.message}`}`, {
    ...(isCode && { code: issue.message }),
    param,
  });
};

/** @throws StripeError naming the first bad parameter */
export const parametersOf = <Schema extends z.ZodType>(schema: Schema, form: Form): z.output<Schema> => {
  const parsed = schema.safeParse(form);
  if (!parsed.success) throw refusal(form, parsed.error);
  return parsed.data;
};
