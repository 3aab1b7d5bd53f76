import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { FAMILY_NAMES } from '../../proof/every-plan.ts';
import { MUTANTS } from '../../proof/mutants.ts';

const root = join(import.meta.dirname, '../..');

it('each is told of in docs/proof.md', () => {
  const told = readFileSync(join(root, 'docs/proof.md'), 'utf8').replace(/ +/g, ' ');
  expect(MUTANTS.filter(({ name, why }) => !told.includes(`| \`${name}\` | ${why} |`))).toEqual([]);
});

it('there are 22 mutants or more, each with a name of its own and families that exist', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(22);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  for (const { families } of MUTANTS) expect(FAMILY_NAMES).toEqual(expect.arrayContaining([...families]));
});

it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  '%s still has its text, once',
  (_, { edits }) => {
    for (const { file, find, replace } of edits) {
      expect(readFileSync(join(root, file), 'utf8').split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
    }
  },
);
