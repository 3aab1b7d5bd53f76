// One stack and its plans, in a thread of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { isCallPlan } from './call-plans.ts';
import type { AnyPlan } from './every-plan.ts';
import type { Conditions } from './operator.ts';
import type { Plan } from './plan.ts';
import { runLivesOnOneStack } from './run-lives.ts';
import { runOnOneStack } from './run-on-stack.ts';

const { plans, conditions } = workerData as { plans: readonly AnyPlan[]; conditions: Conditions };
parentPort?.postMessage(
  plans.every(isCallPlan)
    ? await runLivesOnOneStack(plans, conditions)
    : await runOnOneStack(
        plans.filter((plan): plan is Plan => !isCallPlan(plan)),
        conditions,
      ),
);
// Its function threads and timers would keep the thread alive.
process.exit();
