// npm run fuzz [-- --requests N --seed S]: sends requests to all of the routes, most of them bad, and looks for answers of
// 5xx, for internals in an answer, and for what is stored that the API would refuse.
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const PRINTED = 20;
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
  },
});
const [requests, seed] = [Number(values.requests), Number(values.seed)];
if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed)) {
  console.error('npm run fuzz -- [--requests N] [--seed N]: whole numbers, at least one request');
  process.exit(2);
}

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
