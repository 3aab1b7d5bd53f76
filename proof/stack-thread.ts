// One stack and its plans, away from the others.
import { parentPort, workerData } from 'node:worker_threads';
import { runOnOneStack, type Slice } from './run-on-stack.ts';

parentPort?.postMessage(await runOnOneStack(workerData as Slice));
// Its function threads and timers have nothing more to do.
process.exit();
