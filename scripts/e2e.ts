// What `npm run e2e` runs: the end-to-end tests, on one of several engines.
import { embedded } from '../test/e2e/engines/embedded.ts';
import type { Engine } from '../test/e2e/engines/engine.ts';
import { commandLine, wrongUsage } from './command-line.ts';
import { runJest } from './jest.ts';

const ENGINES: ReadonlyMap<string, Engine> = new Map(Object.entries({ embedded }));

const USAGE = `npm run e2e -- --engine ENGINE [FILE...]

Runs the end-to-end tests, all of them or those of the files, by AWS's own means: the API, and AWS's services.

${[...ENGINES].map(([name, { summary }]) => `  --engine ${name.padEnd(14)}  ${summary}`).join('\n')}`;

const { values, positionals } = commandLine(USAGE, {
  options: { engine: { type: 'string' } },
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
const { passed, failed } = runJest(
  `e2e on ${name}`,
  ['--config', 'test/e2e/jest.config.ts', ...positionals],
  {
    ...environment,
    E2E: JSON.stringify(deployment),
  },
);
await stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
