import { join } from 'node:path';
import { commandLine } from '../scripts/command-line.ts';
import { contracts } from './contracts.ts';
import { publish } from './publish.ts';

const USAGE = `npm run contracts -- [--check]

Publishes the contracts of events/: their schemas and the pages made of them. Refuses what would break a consumer.

  --check  write nothing: refuse where there would be something to write, too

exit codes: 0 done, 1 refused, 2 wrong usage`;

const { values } = commandLine(USAGE, { options: { check: { type: 'boolean', default: false } } });
const { ok, lines } = publish(join(import.meta.dirname, '..'), contracts, values);
for (const line of lines) (ok ? console.log : console.error)(line);
process.exitCode = ok ? 0 : 1;
