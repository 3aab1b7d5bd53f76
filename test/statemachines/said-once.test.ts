import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { STEP_NAMES, STEPS, type Step, UNDOS } from '../../saga/steps.ts';
import { wordsFor } from '../../saga/words.ts';
import { isPark } from './compensation-graph.ts';
import { orderFulfillment } from './definition.ts';

const root = join(import.meta.dirname, '../..');
const READERS = ['bin', 'configuration', 'console', 'events', 'lambdas', 'lib', 'local', 'ops'];

/** Stories, each of which happens at a step: no list of them. */
const STORIES = ['console/scenarios.ts'];

/** Of each step what is its own: itself, its undo, and the errors that it raises. */
const namesOf = (name: string, { undo, refusals, unavailable }: Step): string[] => [
  name,
  undo.name,
  ...Object.keys(refusals),
  ...Object.keys(unavailable),
];

/** The steps that a text speaks of, in strings and keys. */
const stepsIn = (text: string): string[] =>
  STEP_NAMES.filter((step) => namesOf(step, STEPS[step]).some((name) => text.includes(name)));

/** Without comments, in which names may stand as examples. */
const codeOf = (file: string): string =>
  readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');

describe('what the saga is', () => {
  it('is said in saga/, and nowhere else: no file names two steps', () => {
    const files = READERS.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }))
      .filter((file) => !STORIES.includes(file))
      .sort();
    const lists = files.flatMap((file) => {
      const steps = stepsIn(codeOf(file));
      return steps.length > 1 ? [`${file}: ${steps.join(', ')}`] : [];
    });
    expect(lists).toEqual([]);
  });

  it.each(
    Object.entries(orderFulfillment.States)
      .filter(([name, { Type }]) => ['Task', 'Pass'].includes(Type) && !isPark(orderFulfillment, name))
      .map(([name]) => name),
  )('has words for %s', (state) => {
    expect(wordsFor(state).done).not.toBe(`${state} done`);
  });

  it('undoes in reverse', () => {
    expect(UNDOS).toEqual(STEP_NAMES.map((step) => STEPS[step].undo.name).toReversed());
  });
});
