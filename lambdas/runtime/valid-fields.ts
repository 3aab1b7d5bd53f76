import type * as z from 'zod';
import type { FieldError } from '../../api/problem-details.ts';
import { Problem } from './problem.ts';

/** An answer quotes at most so much of a bad value: what came from outside is not sent back whole. */
const LONGEST_NAME = 100;
const MOST_ERRORS = 100;

const KINDS: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
]);

const counted = (count: number | bigint, one: string, many: string) =>
  `${count} ${Number(count) === 1 ? one : many}`;

const bound = (limit: number | bigint, origin: string, isLeast: boolean): string => {
  const most = isLeast ? 'at least' : 'at most';
  switch (origin) {
    case 'string':
      return isLeast && limit === 1
        ? 'must not be empty'
        : `must have ${most} ${counted(limit, 'character', 'characters')}`;
    case 'array':
      return isLeast && limit === 1
        ? 'must not be empty'
        : `must have ${most} ${counted(limit, 'entry', 'entries')}`;
    default:
      return `must be ${most} ${limit}`;
  }
};

/** What is wrong with a field, in plain words. A model's own message takes precedence. */
export const inWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `must be ${KINDS.get(issue.expected) ?? `of the kind ${issue.expected}`}`;
    case 'too_small':
      return bound(issue.minimum, issue.origin, true);
    case 'too_big':
      return bound(issue.maximum, issue.origin, false);
    case 'invalid_format':
      return issue.format === 'datetime'
        ? 'must be a time in UTC such as 2026-11-22T20:00:00Z (RFC 3339)'
        : 'is not well-formed';
    case 'invalid_value':
      if (issue.input === undefined) return 'is required';
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return 'is not a known field';
    default:
      return 'is not valid';
  }
};

/** `['items', 0, 'sku']` as `items[0].sku`, as a person would write it. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path
    .reduce<string>(
      (name, key) =>
        typeof key === 'number' ? `${name}[${key}]` : name ? `${name}.${String(key)}` : String(key),
      '',
    )
    .slice(0, LONGEST_NAME) || '(body)';

export const fieldErrors = ({ issues }: z.ZodError): FieldError[] =>
  issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ field: fieldName([...issue.path, key]), message: issue.message }))
        : [{ field: fieldName(issue.path), message: issue.message }],
    )
    .slice(0, MOST_ERRORS);

/**
 * Checks what a request brings against its model.
 * @throws Problem naming each bad field
 */
export const validFields = <Model extends z.ZodType>(model: Model, input: unknown): z.infer<Model> => {
  const parsed = model.safeParse(input, { error: inWords });
  if (parsed.success) return parsed.data;
  throw new Problem('invalid-fields', 'some fields are not valid', fieldErrors(parsed.error));
};
