import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { REGION } from '../../local/template.ts';
import { reasonsOf } from './starting.ts';
import { assemblyDirectory, devFunctions } from './templates.ts';

/** Starts every function with the template's environment, and once more without each of the keys that are its own. */
const starts = devFunctions.flatMap(({ name, assetPath, properties }) => {
  const bundle = pathToFileURL(join(assemblyDirectory, assetPath ?? '', 'index.mjs')).href;
  const environment = { ...properties.Environment.Variables, AWS_REGION: REGION };
  const ownKeys = Object.keys(environment).filter((key) => !/^(POWERTOOLS|AWS|NODE)_/.test(key));
  const without = ownKeys.map((missing) => {
    const { [missing]: _, ...rest } = environment as Readonly<Record<string, string>>;
    return { name, missing, bundle, environment: rest };
  });
  return [{ name, missing: undefined, bundle, environment }, ...without];
});

const reasons = new Map<(typeof starts)[number], string | null>();

beforeAll(async () => {
  const answers = await reasonsOf(starts);
  for (const [index, start] of starts.entries()) reasons.set(start, answers[index] ?? null);
  expect(answers).toHaveLength(starts.length);
});

describe('a function starts with what the stack gives it', () => {
  it.each(starts.filter(({ missing }) => !missing))('$name', (start) => {
    expect(reasons.get(start)).toBeNull();
  });
});

describe('a function does not start, and says why', () => {
  it.each(starts.filter(({ missing }) => missing))('$name without $missing', (start) => {
    expect(reasons.get(start)).toMatch(new RegExp(`^bad configuration: (.*; )?${start.missing}: `));
  });
});
