// One stack and its plans, in a thread of its own.
import { parentPort, workerData } from 'node:worker_threads';
import type { Strictness } from '../local/faults/strictness.ts';
import { isCallPlan } from './call-plans.ts';
import type { AnyPlan } from './every-plan.ts';
import type { Plan } from './plan.ts';
import { runLivesOnOneStack } from './run-lives.ts';
import { runOnOneStack } from './run-on-stack.ts';

const { plans, strictness } = workerData as { plans: readonly AnyPlan[]; strictness?: Strictness };
parentPort?.postMessage(
  plans.every(isCallPlan)
    ? await runLivesOnOneStack(plans, strictness)
    : await runOnOneStack(
        plans.filter((plan): plan is Plan => !isCallPlan(plan)),
        strictness,
      ),
);
// Its function threads and timers would keep the thread alive.
process.exit();
