import { Worker } from 'node:worker_threads';
import { synthesize } from '../local/assembly.ts';
import { isCallPlan } from './call-plans.ts';
import type { AnyPlan } from './every-plan.ts';
import type { Conditions } from './operator.ts';
import type { Report } from './run-on-stack.ts';

/**
 * The most orders that one stack serves: its tables stay small and a violation is known early, but starting one takes a
 * while.
 */
const PLANS_A_STACK = 500;
/**
 * How many stacks at a time, each with an event loop of its own: while one waits for a stalled handler, another works.
 */
const LANES = 2;

/**
 * Plans that stand next to each other are alike. Spread out, they do not all wait for the same function at the same
 * time.
 */
const scattered = (plans: readonly AnyPlan[]): AnyPlan[] => {
  const stride = 89;
  return Array.from({ length: stride }, (_, first) =>
    plans.filter((_, index) => index % stride === first),
  ).flat();
};

/** Slices of about the same length. */
const slicesOf = (plans: readonly AnyPlan[], lanes: number): AnyPlan[][] => {
  const count = Math.max(Math.ceil(plans.length / PLANS_A_STACK), Math.min(lanes, plans.length));
  return Array.from({ length: count }, (_, index) =>
    plans.slice(Math.floor((index * plans.length) / count), Math.floor(((index + 1) * plans.length) / count)),
  );
};

/** Runs the plans on a stack and in a thread of their own. */
const inThread = (plans: readonly AnyPlan[], conditions: Conditions): Promise<Report> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./stack-thread.ts', import.meta.url), {
      workerData: { plans, conditions },
    });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`a stack ended with code ${code}`)));
  });

export interface RunOptions extends Conditions {
  /** Starts no further stack after the first violation. */
  readonly stopAtFirst?: boolean;
  readonly lanes?: number;
  readonly onProgress?: (report: Report) => void;
}

/** Runs every plan on the whole stack, and looks at what became of its order. */
export const runPlans = async (
  plans: readonly AnyPlan[],
  { stopAtFirst = false, lanes = LANES, onProgress = () => {}, ...conditions }: RunOptions = {},
): Promise<Report> => {
  // Once, before the stacks that share it: two threads that build it at the same time get in each other's way.
  await synthesize(() => {}, { paymentProvider: conditions.payment, carrier: conditions.carrier });
  let report: Report = { plans: 0, violations: [], unreachable: [] };
  // Plans about calls are run differently, so no stack has both kinds.
  const kinds = [plans.filter((plan) => !isCallPlan(plan)), plans.filter(isCallPlan)];
  const slices = kinds.flatMap((kind) => slicesOf(scattered(kind), lanes));
  const lane = async (): Promise<void> => {
    for (let slice = slices.shift(); slice; slice = slices.shift()) {
      const next = await inThread(slice, conditions);
      report = {
        plans: report.plans + next.plans,
        violations: [...report.violations, ...next.violations],
        unreachable: [...report.unreachable, ...next.unreachable],
      };
      onProgress(report);
      if (stopAtFirst && report.violations.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return report;
};
