import { FAMILY_NAMES, families } from './families.ts';
import type { Plan } from './plan.ts';

/** Which plans to run; all, if it says nothing. */
export interface Choice {
  readonly families?: readonly string[];
  /** What the plan's id contains: `ChargePayment#1 crash`. */
  readonly about?: string;
}

/** How many plans of each family the bounded part has, at most. */
const SHARE = 18;

/** At most so many of them: evenly spread, and always the same ones. */
export const evenly = <Each>(plans: readonly Each[], most: number): Each[] => {
  const count = Math.min(most, plans.length);
  return plans.filter((_, index) =>
    // The first of each of `count` stretches of about the same length.
    index === 0
      ? count > 0
      : Math.floor((index * count) / plans.length) !== Math.floor(((index - 1) * count) / plans.length),
  );
};

/** By family: every plan, enumerated and not sampled, or a part of each family. */
export const byFamily = (
  { families: names = FAMILY_NAMES, about = '' }: Choice,
  isBounded: boolean,
): (readonly [string, readonly Plan[]])[] =>
  [...families()]
    .filter(([name]) => names.includes(name))
    .map(([name, plans]) => {
      const meant = plans.filter(({ id }) => id.includes(about));
      return [name, isBounded ? evenly(meant, SHARE) : meant];
    });
