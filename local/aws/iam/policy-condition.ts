/** A request's values, by condition key. */
export type Context = Readonly<Record<string, readonly string[]>>;
/** A policy's `Condition`: by operator, then by key. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

type Compare = (value: string, wanted: string) => boolean;

/** `*` is any text, `?` any one character. */
export const isLike: Compare = (value, pattern) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(value);

/** An ARN's six parts; colons in the last one belong to it. */
const arnParts = (arn: string): string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/** Compares each part by itself, so a `*` never reaches across a colon. */
const isArnLike: Compare = (value, pattern) => {
  const patterns = arnParts(pattern);
  return arnParts(value).every((part, index) => isLike(part, patterns[index] ?? ''));
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const COMPARISONS: Readonly<Record<string, Compare>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: isLike,
  ArnEquals: isArnLike,
  ArnLike: isArnLike,
};

const OPERATOR = /^(?<set>ForAnyValue:)?(?<comparison>\w+?)(?<ifExists>IfExists)?$/;

/**
 * All of a condition must hold: each key, by one of the values that the policy names. If the request does not have a
 * key, only `IfExists` holds.
 * @throws Error naming an operator that is not emulated locally
 */
export const conditionOf = (block: ConditionBlock): ((context: Context) => boolean) => {
  const tests = Object.entries(block).flatMap(([operator, keys]) => {
    const { comparison = '', ifExists } = OPERATOR.exec(operator)?.groups ?? {};
    const compare = COMPARISONS[comparison];
    if (!compare) throw new Error(`the condition operator ${operator} is not emulated locally`);
    return Object.entries(keys).map(([key, wanted]) => (context: Context) => {
      const name = Object.keys(context).find((each) => each.toLowerCase() === key.toLowerCase());
      const values = name === undefined ? undefined : context[name];
      if (values === undefined) return ifExists !== undefined;
      return values.some((value) => [wanted].flat().some((each) => compare(value, each)));
    });
  });
  return (context) => tests.every((holds) => holds(context));
};
