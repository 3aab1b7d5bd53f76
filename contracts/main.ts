import { join } from 'node:path';
import { ROUTES } from '../api/routes.ts';
import { commandLine } from '../scripts/command-line.ts';
import { contracts } from './contracts.ts';
import { publish } from './publish.ts';
import { publishApi } from './publish-api.ts';

const USAGE = `npm run contracts -- [--check]

Publishes the contracts of events/, their schemas and the pages made of them, and refuses what would break a consumer; and
the API of api/, its OpenAPI document and the tables of its page.

  --check  write nothing: refuse where there would be something to write, too

exit codes: 0 done, 1 refused, 2 wrong usage`;

const { values } = commandLine(USAGE, { options: { check: { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..');
const publications = [publish(root, contracts, values), publishApi(root, ROUTES, values)];
for (const { ok, lines } of publications) for (const line of lines) (ok ? console.log : console.error)(line);
if (publications.every(({ lines }) => lines.length === 0)) console.log('nothing has changed');
process.exitCode = publications.every(({ ok }) => ok) ? 0 : 1;
