import { BlockList } from 'node:net';

/** An EventBridge pattern: fields to lists of what is allowed, nested as the event is; `$or` to a list of patterns. */
export type Pattern = { readonly [field: string]: readonly unknown[] | Pattern };

type Test = (value: unknown) => boolean;

const list = <T>(oneOrMore: T | readonly T[]): readonly T[] =>
  Array.isArray(oneOrMore) ? oneOrMore : [oneOrMore as T];

const onText =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

/** The text of an operator, or the same without regard to case: `{"prefix": {"equals-ignore-case": "eventb"}}`. */
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
    return (value) => value !== undefined && !tests.some((test) => test(value));
  },
  numeric,
  exists: (wanted: boolean) => (value) => (value !== undefined) === wanted,
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

/** Of an array, one element is enough. */
const leaf = (allowed: readonly unknown[], where: string): Test => {
  const tests = allowed.map((each) => testOf(each, where));
  return (value) => (Array.isArray(value) ? value : [value]).some((each) => tests.some((test) => test(each)));
};

/**
 * Makes the test of a pattern: every field holds one of its values, and one of each `$or`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
 * @param where whose pattern it is, for errors
 * @throws Error naming an operator that is not known
 */
export const matcher = (pattern: Pattern, where: string): Test => {
  const tests = Object.entries(pattern).map(([field, allowed]): Test => {
    if (field === '$or') {
      const either = (allowed as readonly Pattern[]).map((each) => matcher(each, where));
      return (value) => either.some((test) => test(value));
    }
    const test = Array.isArray(allowed)
      ? leaf(allowed, `${where}, ${field}`)
      : matcher(allowed as Pattern, where);
    return (value) => test((value as Record<string, unknown> | null | undefined)?.[field]);
  });
  return (value) => tests.every((test) => test(value));
};
