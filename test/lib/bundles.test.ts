import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { bundleFunctions, bundleOf } from '../../lib/base/bundles.ts';

it('the last bundles stay until the new ones are done: others may synthesize the stack meanwhile', async () => {
  const isThere = () => existsSync(join(bundleOf('charge-payment'), 'index.mjs'));
  if (!isThere()) await bundleFunctions();
  const bundled = bundleFunctions();
  const meanwhile = isThere();
  await bundled;
  expect([meanwhile, isThere()]).toEqual([true, true]);
});
