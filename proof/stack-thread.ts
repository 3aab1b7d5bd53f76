// One stack and its plans, away from the others.
import { parentPort, workerData } from 'node:worker_threads';
import type { Strictness } from '../local/strictness.ts';
import type { Plan } from './plan.ts';
import { runOnOneStack } from './run-on-stack.ts';

const { plans, strictness } = workerData as { plans: readonly Plan[]; strictness?: Strictness };
parentPort?.postMessage(await runOnOneStack(plans, strictness));
// Its function threads and timers have nothing more to do.
process.exit();
