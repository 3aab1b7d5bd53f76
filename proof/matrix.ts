import { FAMILY_NAMES, families } from './families.ts';
import type { Plan } from './plan.ts';

/** Every plan there is, or those of the named families: enumerated, not sampled. */
export const matrix = (names: readonly string[] = FAMILY_NAMES): Plan[] =>
  [...families()].filter(([name]) => names.includes(name)).flatMap(([, plans]) => plans);

/** How many plans of each family the bounded part has, at least one of each. */
const SHARE = 18;

/** A part of every family (or of those named), the same ones always, evenly spread over it. */
export const bounded = (names: readonly string[] = FAMILY_NAMES): Plan[] =>
  [...families()].filter(([name]) => names.includes(name)).flatMap(([, plans]) => {
    const count = Math.min(SHARE, plans.length);
    return Array.from(
      { length: count },
      (_, index) => plans[Math.floor((index * plans.length) / count)],
    ).filter((plan) => plan !== undefined);
  });
