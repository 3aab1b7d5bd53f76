import { expect, it } from '@jest/globals';
import { chance, STRICTNESS_KINDS, strictest } from '../../local/faults/strictness.ts';

const luckOf = (seed: number) => {
  const { strikes } = chance(strictest(seed));
  return Array.from({ length: 200 }, (_, index) => strikes('throttled-writes', `item ${index}`, 0.3));
};

it('brings the same to the same, by its seed', () => {
  expect(luckOf(1)).toEqual(luckOf(1));
  expect(luckOf(1)).not.toEqual(luckOf(2));
  expect(luckOf(1).filter(Boolean).length).toBeGreaterThan(30);
});

it('strikes a subject twice at most: an SDK tries three times', () => {
  const { strikes } = chance(strictest());
  const struck = Array.from({ length: 20 }, () => strikes('throttled-writes', 'one item', 1));
  expect(struck.filter(Boolean)).toHaveLength(2);
});

it('leaves alone what is not asked for, and everything where nothing is', () => {
  const some = chance({ kinds: ['skewed-clocks'], seed: 1 });
  for (const kind of STRICTNESS_KINDS) {
    expect([kind, some.has(kind)]).toEqual([kind, kind === 'skewed-clocks']);
    expect(chance().has(kind)).toBe(false);
    expect(chance().strikes(kind, 'anything', 1)).toBe(false);
  }
});
