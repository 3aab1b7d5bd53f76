import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { SMALL } from '../../proof/model/bounds.ts';
import { check } from '../../proof/model/check.ts';
import { VARIANT_NAMES, VARIANTS } from '../../proof/model/rules.ts';

it.each(SMALL.map((bound) => [bound.name, bound] as const))('holds for %s', (_, bound) => {
  const { states, counterexample } = check(bound);
  expect(counterexample).toBeUndefined();
  expect(states).toBeGreaterThan(10_000);
});

it.each(VARIANT_NAMES)('refutes %s, by steps that whoever reads them can follow', (variant) => {
  const { why, shownBy } = VARIANTS[variant];
  const { counterexample } = check({ name: why, one: shownBy }, (each) => each === variant);
  expect(counterexample?.trace.length).toBeGreaterThan(5);
  expect(counterexample?.trace[0]).toBe('placeOrder() record: the order is placed: held');
});

it('has each variant told of in docs/model.md', () => {
  const told = readFileSync(join(import.meta.dirname, '../../docs/model.md'), 'utf8').replace(/ +/g, ' ');
  const untold = VARIANT_NAMES.filter((name) => !told.includes(`| \`${name}\` | ${VARIANTS[name].why} |`));
  expect(untold).toEqual([]);
});
