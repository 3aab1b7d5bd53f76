import { commandLine, wrongUsage } from '../../scripts/command-line.ts';
import { type Bound, LARGE, SMALL } from './bounds.ts';
import { check, type Verdict } from './check.ts';
import type { Counterexample } from './explore.ts';
import { VARIANT_NAMES, VARIANTS, type Variant } from './rules.ts';

const USAGE = `npm run model -- [--small | --variant NAME | --variants]

Goes through every state that an order, or two, can come to, and checks what has to hold there.

  (nothing)         all bounds: some minutes
  --small           smaller ones: what npm test runs
  --variant NAME    the protocol as it was in one way, and how it goes wrong: one of
                    ${VARIANT_NAMES.join(', ')}
  --variants        each of them`;

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
const figure = (count: number) => count.toLocaleString('en');

const words = (budget: Bound['one']): string =>
  Object.entries(budget)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');

const printCounterexample = ({ property, problem, trace }: Counterexample): void => {
  for (const [index, step] of trace.entries()) console.log(`${String(index + 1).padStart(4)}  ${step}`);
  console.log(`BROKEN  ${property}: ${problem}`);
};

const print = ({ bound, states, transitions, depth, counterexample }: Verdict): void => {
  const { name, one, other } = bound;
  console.log(`${name} (${words(one)}${other ? `; the other ${words(other)}` : ''})`);
  console.log(
    `  ${figure(states)} states, ${figure(transitions)} transitions, ${depth} steps deep, ${seconds()} s`,
  );
  if (counterexample) printCounterexample(counterexample);
};

/** @returns whether every property holds in every bound */
const checkAll = (bounds: readonly Bound[]): boolean => {
  const verdicts = bounds.map((bound) => {
    const verdict = check(bound);
    print(verdict);
    return verdict;
  });
  const broken = verdicts.map(({ counterexample }) => counterexample?.property);
  for (const property of new Set(verdicts.flatMap(({ properties }) => properties)))
    console.log(`${broken.includes(property) ? 'BROKEN' : 'holds '}  ${property}`);
  const states = verdicts.reduce((sum, verdict) => sum + verdict.states, 0);
  console.log(`${figure(states)} states, ${seconds()} s`);
  return broken.every((property) => property === undefined);
};

/** @returns whether the model sees what is wrong with it */
const refute = (variant: Variant): boolean => {
  const { why, shownBy } = VARIANTS[variant];
  console.log(`${variant}: ${why}`);
  const verdict = check({ name: 'shown by', one: shownBy }, (each) => each === variant);
  print(verdict);
  return verdict.counterexample !== undefined;
};

const main = (): boolean => {
  const { values } = commandLine(USAGE, {
    options: {
      small: { type: 'boolean' },
      variant: { type: 'string' },
      variants: { type: 'boolean' },
    },
  });
  const { variant } = values;
  if (variant !== undefined) {
    const known = VARIANT_NAMES.find((name) => name === variant);
    return known
      ? refute(known)
      : wrongUsage(USAGE, `--variant: there is no ${variant}; there are ${VARIANT_NAMES.join(', ')}`);
  }
  if (values.variants) return VARIANT_NAMES.map(refute).every(Boolean);
  return checkAll(values.small ? SMALL : LARGE);
};

process.exitCode = main() ? 0 : 1;
