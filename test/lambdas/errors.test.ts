import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { OrderAlreadyCancelledError } from '../../lambdas/runtime/errors.ts';

const root = join(import.meta.dirname, '../..');
const services = globSync('lambdas/*/errors.ts', { cwd: root, exclude: ['lambdas/runtime'] }).sort();
const errors = await Promise.all(services.map((file): Promise<object> => import(join(root, file))));

// Of whose order it is nobody can say.
const { NotFromProviderError: _, ...ofAnOrder } = Object.assign({ OrderAlreadyCancelledError }, ...errors);

it.each(Object.entries(ofAnOrder))(
  '%s is caught by its name, and says of which order it is',
  (name, ErrorOfStep) => {
    const error: Error = Reflect.construct(ErrorOfStep as typeof Error, ['ord_1', ['a reason']]);
    expect(error.name).toBe(name);
    expect(error.message).toContain('ord_1');
  },
);
