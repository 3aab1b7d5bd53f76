// What `npm run e2e` runs: the end-to-end tests, on one of several engines.
import { join } from 'node:path';
import { aws } from '../test/e2e/engines/aws.ts';
import { embedded } from '../test/e2e/engines/embedded.ts';
import type { Engine } from '../test/e2e/engines/engine.ts';
import { ministack } from '../test/e2e/engines/ministack.ts';
import { stepFunctions } from '../test/e2e/engines/step-functions.ts';
import { commandLine, wrongUsage } from './command-line.ts';
import { runJest } from './jest.ts';

const ENGINES: ReadonlyMap<string, Engine> = new Map(
  Object.entries({ embedded, ministack, 'step-functions': stepFunctions, aws }),
);

const USAGE = `npm run e2e -- --engine ENGINE [FILE...]

Runs the end-to-end tests, all of them or those of the files, by AWS's own means: the API, and AWS's services.

${[...ENGINES].map(([name, { usage = '', summary }]) => `  --engine ${name} ${usage}\n      ${summary}`).join('\n')}

docs/engines.md tells what each of them shows, and what none of them can.`;

const { values, positionals } = commandLine(USAGE, {
  options: {
    engine: { type: 'string' },
    endpoint: { type: 'string' },
    'write-table': { type: 'boolean' },
    stage: { type: 'string' },
    yes: { type: 'boolean' },
  },
  allowPositionals: true,
});
const { engine: name = '', ...given } = values;
const engine =
  ENGINES.get(name) ??
  wrongUsage(USAGE, `--engine: ${name ? `"${name}" is` : 'is'} none of ${[...ENGINES.keys()].join(', ')}`);
for (const option of Object.keys(given)) {
  if (!engine.options.includes(option)) wrongUsage(USAGE, `--${option}: is no option of the engine ${name}`);
}

const { environment, stop, ...deployment } = await engine.start(given).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
const runs = ['', ...(engine.folders ?? [])].map((folder) =>
  runJest(
    ['e2e', 'on', name, ...(folder ? [folder] : [])].join(' '),
    [
      '--config=test/e2e/jest.config.ts',
      `--testMatch=<rootDir>/${join('test/e2e', folder)}/*.e2e.ts`,
      '--passWithNoTests',
      ...positionals,
    ],
    { ...environment, E2E: JSON.stringify(deployment) },
  ),
);
await stop();
const total = (count: 'passed' | 'failed') => runs.reduce((sum, run) => sum + run[count], 0);
if (total('passed') + total('failed') === 0) {
  console.error(`there is no test ${positionals.join(', ')}`);
  process.exit(1);
}
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exit(total('failed') === 0 ? 0 : 1);
