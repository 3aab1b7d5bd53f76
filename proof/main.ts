import { type AdapterName, adapterNames, type Port } from '../configuration/adapters.ts';
import { STRICTNESS_KINDS, type StrictnessKind } from '../local/faults/strictness.ts';
import { commandLine, wrongUsage } from '../scripts/command-line.ts';
import { parseCallPlan } from './call-plans.ts';
import { crash } from './crash.ts';
import { proveDeliveries } from './deliveries.ts';
import { type AnyPlan, FAMILY_NAMES, familiesOf, plansOf } from './every-plan.ts';
import { rush } from './hot-sku.ts';
import type { Violation } from './invariants.ts';
import type { Conditions } from './operator.ts';
import { parsePlan } from './plan.ts';
import { type Contest, replayContest, runRandom } from './random.ts';
import { runMutants } from './run-mutants.ts';
import { runPlans } from './run-plans.ts';

const USAGE = `npm run proof -- [--bounded] [--strict] [--payment NAME] [--carrier NAME] [--family NAMES] [--about TEXT] | [--random RUNS | --rush ORDERS | --crash ORDERS | --deliveries ORDERS | --replay JSON | --mutants [NAME]]

Runs the saga under every fault we can think of, and checks the outside worlds.

  (nothing)         every plan there is, and 100 random contests
  --bounded         a part of every family: what npm test runs, with --strict
  --family NAMES    these families alone, with commas between; with --bounded, a part of them:
                    ${FAMILY_NAMES.join(', ')}
  --about TEXT      these plans alone: whose name contains TEXT, as in "ChargePayment#1 crash"
  --random RUNS     many orders at once on scarce stock, with random faults and repeated requests
  --seed N          with --random: the same contests again; with --strict: the same luck (default 1)
  --strict          with plans: on a stack as strict as AWS, in every kind
  --payment NAME    with families: who moves the money, ${adapterNames('paymentProvider').join(' or ')} (default sandbox); awaited, webhooks and pruned are Stripe's alone
  --carrier NAME    with families: who carries the parcels, ${adapterNames('carrier').join(' or ')} (default sandbox); with EasyPost all families but those of lives (calls, awaited, webhooks, pruned, together)
  --kinds NAMES     with --strict: these alone: ${STRICTNESS_KINDS.join(', ')}
  --replay JSON     one plan, {"wish", "faults"} or {"scenario", "calls"}, or one contest, {"available", "orders"}, as it was printed
  --rush ORDERS     so many orders for one SKU at once, with stock for half of them
  --crash ORDERS    the process is killed with so many orders on their way, and started again on its tables
  --deliveries ORDERS  every event delivered twice, some late, some failing; redriven, and all replayed
  --mutants [NAME]  breaks the project in known ways, on copies, and checks that the proof notices (all, or one)
  --stop            ends with the first stack that shows a violation
  --lanes N         how many stacks at a time (default 2)`;

/** How many violations are printed: more tell nothing new. */
const PRINTED = 40;
const RANDOM_RUNS = 100;
const started = performance.now();
const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);

const print = (violations: readonly Violation[]): void => {
  for (const { message } of violations.slice(0, PRINTED)) console.log(`VIOLATION ${message}`);
  if (violations.length > PRINTED) console.log(`... and ${violations.length - PRINTED} more`);
};

/** Prints the plans that were violated, as --replay takes them. */
const printPlans = (violations: readonly Violation[], plans: readonly AnyPlan[]): void => {
  const ids = new Set(violations.map(({ order }) => order?.plan));
  for (const { id: _, ...plan } of plans.filter(({ id }) => ids.has(id)).slice(0, PRINTED))
    console.log(`npm run proof -- --replay '${JSON.stringify(plan)}'`);
};

interface HowToRun extends Conditions {
  readonly stopAtFirst: boolean;
  readonly lanes: number;
}

/** @returns whether all went well */
const prove = async (plans: readonly AnyPlan[], how: HowToRun): Promise<boolean> => {
  console.log(`${plans.length} plans, no two the same`);
  const {
    violations,
    unreachable,
    plans: run,
  } = await runPlans(plans, {
    ...how,
    onProgress: (report) =>
      console.log(`${report.plans} plans run, ${report.violations.length} violations, ${seconds()} s`),
  });
  print(violations);
  printPlans(violations, plans);
  for (const id of unreachable.slice(0, PRINTED)) console.log(`UNREACHABLE ${id}`);
  console.log(
    `${run} plans, ${violations.length} violations, ${unreachable.length} with a fault that was never reached, ${seconds()} s`,
  );
  return violations.length === 0 && unreachable.length === 0;
};

const proveRandom = async (runs: number, seed: number | undefined): Promise<boolean> => {
  const { contests, violations, failing } = await runRandom(runs, seed);
  print(violations);
  if (failing) console.log(`npm run proof -- --replay '${JSON.stringify(failing)}'`);
  console.log(`${contests} random contests, ${violations.length} violations, ${seconds()} s`);
  return violations.length === 0;
};

const replay = async (json: string, how: HowToRun): Promise<boolean> => {
  const printed = JSON.parse(json);
  if ('scenario' in printed) return prove([parseCallPlan(printed)], how);
  if (!('orders' in printed)) return prove([parsePlan(printed)], how);
  const violations = await replayContest(printed as Contest);
  print(violations);
  console.log(`1 contest, ${violations.length} violations, ${seconds()} s`);
  return violations.length === 0;
};

/** Ends the process if one is not a family. */
const familiesIn = (names: string | undefined, known: readonly string[]): readonly string[] => {
  const chosen = names?.split(',') ?? known;
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    wrongUsage(USAGE, `--family: there is no ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return chosen;
};

/** @throws Error naming what is not a kind */
const kindsIn = (names: string | undefined): readonly StrictnessKind[] => {
  const chosen = names?.split(',') ?? STRICTNESS_KINDS;
  const isKind = (name: string): name is StrictnessKind => STRICTNESS_KINDS.some((kind) => kind === name);
  const unknown = chosen.filter((name) => !isKind(name));
  if (unknown.length > 0)
    throw new Error(`there is no kind ${unknown.join(', ')}; there are ${STRICTNESS_KINDS.join(', ')}`);
  return chosen.filter(isKind);
};

const proveRush = async (orders: number): Promise<boolean> => {
  const stock = Math.floor(orders / 2);
  const { confirmed, outOfStock, other, left } = await rush(orders, stock);
  console.log(
    `${orders} orders at once for ${stock} pieces: ${confirmed} CONFIRMED, ${outOfStock} CANCELLED for stock, ` +
      `${other} otherwise, ${left} left, ${seconds()} s`,
  );
  return confirmed === stock && outOfStock === orders - stock && other === 0 && left === 0;
};

const proveCrash = async (orders: number): Promise<boolean> => {
  const { recorded, open, violations } = await crash(orders);
  print(violations);
  console.log(
    `killed with ${open} of ${recorded} orders on their way, ended after a restart: ${violations.length} violations, ${seconds()} s`,
  );
  // Killed after all orders had ended, it proves nothing.
  return violations.length === 0 && open > 0;
};

const proveSideEffects = async (orders: number): Promise<boolean> => {
  const { events, effects, calls, deadLetters, violations } = await proveDeliveries(orders);
  print(violations);
  console.log(
    `${orders} orders, ${events} events, ${effects} effects in ${calls} calls, ${deadLetters} dead letters redriven, ` +
      `all replayed: ${violations.length} violations, ${seconds()} s`,
  );
  return violations.length === 0 && deadLetters > 0;
};

const main = async (): Promise<boolean> => {
  const { values, positionals } = commandLine(USAGE, {
    allowPositionals: true,
    options: {
      bounded: { type: 'boolean' },
      family: { type: 'string' },
      about: { type: 'string', default: '' },
      random: { type: 'string' },
      seed: { type: 'string' },
      strict: { type: 'boolean', default: false },
      kinds: { type: 'string' },
      payment: { type: 'string', default: 'sandbox' },
      carrier: { type: 'string', default: 'sandbox' },
      rush: { type: 'string' },
      crash: { type: 'string' },
      deliveries: { type: 'string' },
      replay: { type: 'string' },
      mutants: { type: 'boolean' },
      stop: { type: 'boolean', default: false },
      lanes: { type: 'string', default: '2' },
    },
  });
  const counts = ['random', 'rush', 'crash', 'deliveries', 'lanes'] as const;
  const wrong = counts.filter((name) => values[name] !== undefined && !(Number(values[name]) >= 1));
  if (wrong.length > 0)
    wrongUsage(USAGE, ...wrong.map((name) => `--${name}: "${values[name]}" is no number of 1 or more`));
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  const strictness = values.strict ? { kinds: kindsIn(values.kinds), seed: seed ?? 1 } : undefined;
  /** Ends the process where there is none of that name. */
  const adapterIn = <P extends Port>(option: 'payment' | 'carrier', port: P): AdapterName<P> => {
    const known = adapterNames(port);
    const found = known.find((name) => name === values[option]);
    return found ?? wrongUsage(USAGE, `--${option}: "${values[option]}" is not one of ${known.join(', ')}`);
  };
  const payment = adapterIn('payment', 'paymentProvider');
  const carrier = adapterIn('carrier', 'carrier');
  const isSandboxed = payment === 'sandbox' && carrier === 'sandbox';
  const how = { stopAtFirst: values.stop, lanes: Number(values.lanes), strictness, payment, carrier };
  if (values.mutants) return runMutants(positionals[0]);
  if (values.replay) return replay(values.replay, how);
  if (values.random) return proveRandom(Number(values.random), seed);
  if (values.rush) return proveRush(Number(values.rush));
  if (values.crash) return proveCrash(Number(values.crash));
  if (values.deliveries) return proveSideEffects(Number(values.deliveries));
  const outside = { payment, carrier };
  const choice = { families: familiesIn(values.family, familiesOf(outside)), about: values.about };
  const plans = await plansOf(choice, Boolean(values.bounded), outside);
  console.log([...plans].map(([family, { length }]) => `${family} ${length}`).join(', '));
  const all = [...plans.values()].flat();
  // Nothing is proven by none, and no mutant survives them.
  if (all.length === 0) throw new Error(`no plan is about "${values.about}"`);
  if (values.bounded || values.family || values.about || !isSandboxed) return prove(all, how);
  // Contests wait more than they work, so the plans run beside them.
  const both = await Promise.all([prove(all, how), proveRandom(RANDOM_RUNS, seed)]);
  return both.every(Boolean);
};

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  // Not by exitCode, as other stacks may still run.
  process.exit(1);
}
