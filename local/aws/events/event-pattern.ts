import { BlockList } from 'node:net';
import { type Field, fieldsOf, NOWHERE, type Place, together } from './event-fields.ts';

/**
 * An EventBridge pattern: nested as the event is, it gives for each field a list of what is allowed, and for `$or` a
 * list of patterns.
 */
export type Pattern = { readonly [field: string]: readonly unknown[] | Pattern };

type Test = (value: unknown) => boolean;

const list = <T>(oneOrMore: T | readonly T[]): readonly T[] =>
  Array.isArray(oneOrMore) ? oneOrMore : [oneOrMore as T];

const onText =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

/**
 * An operator's text, or one that is compared without regard to case: `{"prefix": {"equals-ignore-case": "eventb"}}`.
 */
const eitherCase =
  (test: (text: string, part: string) => boolean) =>
  (argument: string | { readonly 'equals-ignore-case': string }): Test => {
    if (typeof argument === 'string') return onText((text) => test(text, argument));
    const part = argument['equals-ignore-case'].toLowerCase();
    return onText((text) => test(text.toLowerCase(), part));
  };

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const numeric = (parts: readonly (string | number)[]): Test => {
  const bounds = parts.flatMap((part, index) => {
    const compare = COMPARISONS[part];
    return compare ? [(value: number) => compare(value, Number(parts[index + 1]))] : [];
  });
  return (value) => typeof value === 'number' && bounds.every((holds) => holds(value));
};

/** `*` stands for any characters, `\*` for a star. */
const wildcard = (pattern: string): Test => {
  const source = pattern.replace(/\\[*\\]|[.*+?^${}()|[\]\\]/g, (found) =>
    found === '*' ? '.*' : found.length === 2 ? found : `\\${found}`,
  );
  const expression = new RegExp(`^${source}$`, 's');
  return onText((text) => expression.test(text));
};

const cidr = (range: string): Test => {
  const [address = '', prefix] = range.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const block = new BlockList();
  block.addSubnet(address, Number(prefix), family);
  return onText((text) => block.check(text, text.includes(':') ? 'ipv6' : 'ipv4'));
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const operators: Readonly<Record<string, (argument: never, where: string) => Test>> = {
  prefix: eitherCase((text, part) => text.startsWith(part)),
  suffix: eitherCase((text, part) => text.endsWith(part)),
  'equals-ignore-case': (expected: string) => onText((text) => text.toLowerCase() === expected.toLowerCase()),
  'anything-but': (refused: unknown, where: string) => {
    const tests = list(refused).flatMap((each) => {
      if (typeof each !== 'object' || each === null) return [testOf(each, where)];
      return Object.entries(each).flatMap(([operator, texts]) =>
        list(texts).map((text) => testOf({ [operator]: text }, where)),
      );
    });
    return (value) => !tests.some((test) => test(value));
  },
  numeric,
  // That a field is absent is not a test of a value: see `allowsAbsence`.
  exists: (wanted: boolean) => () => wanted,
  wildcard,
  cidr,
};

const testOf = (allowed: unknown, where: string): Test => {
  if (typeof allowed !== 'object' || allowed === null) return (value) => value === allowed;
  const [name = '', ...more] = Object.keys(allowed);
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!operator || more.length > 0)
    throw new Error(`${where}: the operator ${[name, ...more].join(', ')} is not emulated locally`);
  return operator((allowed as Record<string, never>)[name] as never, where);
};

/** What a pattern says of one field. */
interface Condition {
  readonly path: string;
  /** Whether a field's value passes. */
  readonly holds: Test;
  /** It also holds if there is no such field. */
  readonly allowsAbsence: boolean;
}

const conditionOn = (path: string, allowed: readonly unknown[], where: string): Condition => {
  const tests = allowed.map((each) => testOf(each, `${where}, ${path}`));
  return {
    path,
    holds: (value) => tests.some((test) => test(value)),
    allowsAbsence: allowed.some((each) => (each as { exists?: boolean } | null)?.exists === false),
  };
};

/** The ways to match a pattern, one of which is enough: there are several if it has an `$or`. */
const waysOf = (pattern: Pattern, prefix: string, where: string): Condition[][] => {
  const perField = Object.entries(pattern).map(([field, allowed]): Condition[][] => {
    if (field === '$or')
      return (allowed as readonly Pattern[]).flatMap((each) => waysOf(each, prefix, where));
    const path = `${prefix}${field}`;
    return Array.isArray(allowed)
      ? [[conditionOn(path, allowed, where)]]
      : waysOf(allowed as Pattern, `${path}.`, where);
  });
  return perField.reduce<Condition[][]>(
    (ways, either) => ways.flatMap((way) => either.map((more) => [...way, ...more])),
    [[]],
  );
};

/** Conditions on objects in an array must all hold for the same object. */
const match = (conditions: readonly Condition[], fields: readonly Field[], soFar: Place): boolean => {
  const [condition, ...rest] = conditions;
  if (!condition) return true;
  const { path, holds, allowsAbsence } = condition;
  const found = fields.flatMap((field) => {
    const place = field.path === path && together(soFar, field.place);
    return place ? [{ value: field.value, place }] : [];
  });
  if (allowsAbsence && found.length === 0 && match(rest, fields, soFar)) return true;
  return found.some(({ value, place }) => holds(value) && match(rest, fields, place));
};

/**
 * Makes the test of a pattern. Every field must hold one of its values, and one pattern of each `$or` must match, as
 * AWS's own engine decides it (https://github.com/aws/event-ruler; `test/local/event-ruler.jsonl` is what it answered).
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
 * @param where whose pattern it is, for errors
 * @throws Error naming an operator that is not known
 */
export const matcher = (pattern: Pattern, where: string): ((event: unknown) => boolean) => {
  const byPath = (one: Condition, other: Condition) => (one.path < other.path ? -1 : 1);
  // The order counts: whether a field is absent is asked of the elements that the fields before it matched in.
  const ways = waysOf(pattern, '', where).map((conditions) => conditions.sort(byPath));
  return (event) => {
    const fields = fieldsOf(event);
    return ways.some((conditions) => match(conditions, fields, NOWHERE));
  };
};
