import type { Call } from '../local/calls.ts';
import type { Strictness } from '../local/strictness.ts';
import { type CallPlan, callPlanOf } from './call-plans.ts';
import { type Violation, violationsAtTheEnd } from './invariants.ts';
import { GONE, type Lived, live, OWN_STOCK, ownSku } from './life.ts';
import { lostEvents, openWarmShop, violationOf, worldsOf } from './operator.ts';
import type { Report } from './run-on-stack.ts';
import { PUBLICATIONS, STEPS } from './saga.ts';
import { SCENARIO_NAMES, SCENARIOS } from './scenarios.ts';
import { MUG, type Shop } from './shop.ts';

/** Lives at a time; more would only wait for each other. */
const AT_ONCE = 16;
/** The same while their calls are recorded: so few that none has to be asked for again. */
const RECORDED_AT_ONCE = 4;

const openShopFor = (count: number, strictness?: Strictness): Promise<Shop> =>
  openWarmShop(
    [
      { ...MUG, sku: GONE, available: 0 },
      ...Array.from({ length: count }, (_, index) => ({ ...MUG, sku: ownSku(index), available: OWN_STOCK })),
    ],
    strictness,
  );

const liveAll = async (shop: Shop, plans: readonly CallPlan[], atOnce = AT_ONCE): Promise<Lived[]> => {
  const lived: Lived[] = [];
  const waiting = plans.map((plan, number) => ({ plan, number }));
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { plan, number } = next;
      lived[number] = await live(shop, {
        scenario: plan.scenario,
        faults: plan.calls,
        plan: plan.id,
        number,
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return lived;
};

/** How an order may end: as its scenario says; undone, where a call of a step went wrong. */
const mayEnd = ({ scenario, calls }: CallPlan, end: string): boolean =>
  end === SCENARIOS[scenario]?.end ||
  (end === 'CANCELLED' && calls.some(({ function: name }) => name in STEPS));

/** Lives all of them in one shop, and looks at what has become of the orders. */
export const runLivesOnOneStack = async (
  plans: readonly CallPlan[],
  strictness?: Strictness,
): Promise<Report> => {
  const shop = await openShopFor(plans.length, strictness);
  try {
    const lived = await liveAll(shop, plans);
    await shop.settle();
    const orders = lived.flatMap((each) => each.orders);
    const initialStock = new Map(plans.map((_, number) => [ownSku(number), OWN_STOCK]));
    const worlds = await worldsOf(shop);
    const records = new Map(worlds.orders.map((record) => [record.orderId, record]));
    const ends = lived.flatMap(({ orders: [order] }, index): Violation[] => {
      const end = order && records.get(order.orderId)?.outcome?.status;
      const plan = plans[index];
      if (!order || !end || !plan || mayEnd(plan, end)) return [];
      return [violationOf('every order ends as its scenario allows', order, `it is ${end}`)];
    });
    const unreachable = plans.filter((_, index) => lived[index]?.unreached.length).map(({ id }) => id);
    return {
      plans: plans.length,
      violations: [
        ...lived.flatMap(({ violations }) => violations),
        ...ends,
        ...violationsAtTheEnd({ worlds, orders, initialStock }),
        ...lostEvents(shop, orders),
      ],
      unreachable,
    };
  } finally {
    await shop.close();
  }
};

/** A call that was made in a scenario in which none goes wrong. */
export interface RecordedCall extends Call {
  /** Which of its function's calls about the order, from 1. */
  readonly number: number;
  /** Its function only hears of the order, and decides nothing about it. */
  readonly isListeners: boolean;
  /** It, and all that was called before it: equal where it makes no difference which scenario it is of. */
  readonly place: string;
}

/**
 * Functions of which it is a matter of luck how many calls they make: the handler of an aborted task goes on beside the
 * one that undoes it, and events that are published more than once come all together.
 */
const isLucky = (scenario: string, name: string, isOnTheBus: (name: string) => boolean): boolean => {
  const { faults } = SCENARIOS[scenario] ?? { faults: [] };
  const isRepeated = faults.some(
    ({ state, fault }) => PUBLICATIONS.includes(state) && ['error-after', 'abort'].includes(fault),
  );
  return (
    faults.some(({ state, fault }) => state === name && fault === 'abort') || (isRepeated && isOnTheBus(name))
  );
};

const recordedOf = (calls: readonly Call[], isListener: (name: string) => boolean): RecordedCall[] => {
  const counts: Record<string, number> = {};
  return calls.map(({ function: name, operation }) => {
    const before = Object.entries(counts).filter(([other]) => !isListener(other) && other !== name);
    const number = (counts[name] ?? 0) + 1;
    counts[name] = number;
    const isListeners = isListener(name);
    const place = JSON.stringify([name, number, operation, ...(isListeners ? [] : before.sort())]);
    return { function: name, operation, number, isListeners, place };
  });
};

/** `NotifyCustomer` of `notify-customer`. */
const constructId = (listener: string): string =>
  listener.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());

/** Lives every scenario without a fault, and tells which calls were made in each. */
export const recordScenarios = async (): Promise<ReadonlyMap<string, readonly RecordedCall[]>> => {
  const recorded = SCENARIO_NAMES.filter((name) => !SCENARIOS[name]?.isWhole);
  const shop = await openShopFor(recorded.length);
  try {
    const lived = await liveAll(
      shop,
      recorded.map((scenario) => callPlanOf(scenario, [])),
      RECORDED_AT_ONCE,
    );
    // Of all listeners this one alone writes what others decide by.
    const onTheBus = new Set(shop.stack.listeners.map(constructId));
    const isListener = (name: string) => onTheBus.has(name) && name !== 'ProjectOrder';
    return new Map(
      recorded.map((scenario, index) => [
        scenario,
        recordedOf(lived[index]?.calls ?? [], isListener).filter(
          (call) => !isLucky(scenario, call.function, (name) => onTheBus.has(name)),
        ),
      ]),
    );
  } finally {
    await shop.close();
  }
};
