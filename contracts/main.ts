// Publishes the contracts of events/: `npm run contracts`, or `npm run contracts -- --check`, which writes nothing.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contracts } from './contracts.ts';
import { publish } from './publish.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const { ok, lines } = publish(join(import.meta.dirname, '..'), contracts, values);
for (const line of lines) (ok ? console.log : console.error)(line);
process.exitCode = ok ? 0 : 1;
