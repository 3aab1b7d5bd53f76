import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { PROBLEMS, type ProblemName } from '../../../api/problems.ts';
import { Problem } from '../../../lambdas/runtime/problem.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8');

it('each is told from every other by its type', () => {
  const names = Object.keys(PROBLEMS) as ProblemName[];
  const types = names.map((name) => new Problem(name, 'detail').toJSON().type);
  expect(new Set(types).size).toBe(names.length);
  for (const type of types) expect(type).toMatch(/^urn:order-saga:problem:[a-z-]+$/);
});

it('the examples in the docs are of problems that there are', () => {
  for (const [, name = ''] of docs.matchAll(/urn:order-saga:problem:([a-z-]+)/g))
    expect(PROBLEMS).toHaveProperty([name]);
  expect(docs).not.toContain('about:blank');
});
