import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { todosIn } from '../scripts/todos.ts';

it('nothing is left that `npm run new:step` has left for a person to choose', () => {
  const left = todosIn(join(import.meta.dirname, '..'));
  expect(left.map(({ file, line, step, text }) => `${file}:${line}: TODO(${step}): ${text}`)).toEqual([]);
});
