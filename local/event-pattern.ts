/** An EventBridge pattern: fields to lists of allowed values, nested as the event is. */
export type Pattern = { readonly [field: string]: readonly unknown[] | Pattern };

/**
 * Whether an event meets a pattern: every field of the pattern holds one of its values (or, being an array, has one).
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
 */
export const matchesPattern = (pattern: Pattern, event: unknown): boolean =>
  Object.entries(pattern).every(([field, allowed]) => {
    const value = (event as Record<string, unknown> | undefined)?.[field];
    if (!Array.isArray(allowed)) return matchesPattern(allowed as Pattern, value);
    const values = Array.isArray(value) ? value : [value];
    return values.some((each) => allowed.includes(each));
  });

/** @throws Error naming the operator: only exact values are emulated locally */
export const checkPattern = (pattern: Pattern, rule: string): void => {
  for (const [field, allowed] of Object.entries(pattern)) {
    if (!Array.isArray(allowed)) checkPattern(allowed as Pattern, rule);
    else {
      const operator = allowed.find((value) => typeof value === 'object' && value !== null);
      if (operator || field === '$or') {
        throw new Error(
          `rule ${rule}: the operator ${operator ? Object.keys(operator)[0] : field} is not emulated locally`,
        );
      }
    }
  }
};
