import { commandLine, wrongUsage } from '../../scripts/command-line.ts';
import { fuzz } from './fuzz.ts';

const PRINTED = 20;
const USAGE = `npm run fuzz -- [--requests N] [--seed N]

Sends requests to all of the routes, most of them bad, and looks for answers of 5xx, for internals in an answer, and for
what is stored that the API would refuse.

  --requests N  how many (default 10000)
  --seed N      the same requests again (default: others each time)

exit codes: 0 nothing found, 1 faults found, 2 wrong usage`;

const { values } = commandLine(USAGE, {
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
  },
});
const [requests, seed] = [Number(values.requests), Number(values.seed)];
if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed))
  wrongUsage(USAGE, '--requests and --seed are whole numbers, and there is at least one request');

const started = performance.now();
const { statuses, stored, faults } = await fuzz(requests, seed);
for (const fault of faults.slice(0, PRINTED)) console.log(`FAULT ${fault}`);
if (faults.length > PRINTED) console.log(`... and ${faults.length - PRINTED} more`);
const answers = Object.entries(statuses).map(([status, count]) => `${count} x ${status}`);
console.log(
  `${requests} requests of seed ${seed} in ${((performance.now() - started) / 1_000).toFixed(1)} s: ${answers.join(', ')}; ${stored} orders stored`,
);
console.log(`${requests + stored - faults.length} passed, ${faults.length} failed`);
process.exit(faults.length > 0 ? 1 : 0);
