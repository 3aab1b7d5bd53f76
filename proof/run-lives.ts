import { WAITS } from '../saga/steps.ts';
import { MUG, type Shop, WISHED } from '../testbed/shop.ts';
import type { CallPlan } from './call-plans.ts';
import { type Violation, violationsAtTheEnd } from './invariants.ts';
import { type Lived, live, OWN_STOCK, ownSku } from './life.ts';
import { settleNeighbours } from './neighbours.ts';
import type { Conditions } from './operator.ts';
import { lostEvents, openWarmShop, unmodelledTraces, violationOf, worldsOf } from './operator.ts';
import type { Report } from './run-on-stack.ts';
import { PUBLICATIONS, STEPS } from './saga.ts';
import { SCENARIOS, TOGETHER } from './scenarios.ts';

/** How many lives at a time: more would only wait for each other. */
const AT_ONCE = 10;

/** A shop in which each order has a SKU that only a neighbour wants as well. */
export const openShopForLives = async (count: number, conditions?: Conditions) => {
  const skus = Array.from({ length: count }, (_, number) => ownSku(number));
  const products = [...WISHED, ...skus.map((sku) => ({ ...MUG, sku, available: OWN_STOCK + 1 }))];
  // The bank that says nothing by itself has its accounts in US dollars.
  const currency = conditions?.payment === 'stripe' ? 'USD' : MUG.currency;
  const shop = await openWarmShop(
    products.map((product) => ({ ...product, currency })),
    conditions,
  );
  return { ...shop, neighbours: await settleNeighbours(shop, skus) };
};

export const liveAll = async (shop: Shop, plans: readonly CallPlan[], atOnce = AT_ONCE): Promise<Lived[]> => {
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

const isKept = (scenario: string): boolean => SCENARIOS[scenario]?.acts.includes('keep') ?? false;

/**
 * Whether an order may end like this. It may end as its scenario says; and either way if that depends on who of several
 * comes first. It may be undone if a call of a step was refused for good, if a retry no longer finds what it needs, or
 * if it was to be kept without a parcel booked.
 */
const mayEnd = ({ scenario, calls }: CallPlan, end: string): boolean =>
  end === SCENARIOS[scenario]?.end ||
  scenario in TOGETHER ||
  (end === 'CANCELLED' &&
    calls.some(
      ({ function: name, fault }) =>
        name in STEPS && (fault === 'refused' || SCENARIOS[scenario]?.meanwhile || isKept(scenario)),
    ));

/**
 * Whether it is a matter of luck if the fault is reached: of acts at the same time, how many calls each makes; after an
 * aborted publication, whether the recovery finds that it was heard; of what the provider tells, who hears of it first; and of
 * a wait that was given up, how far its handler comes.
 */
const isLuckReached = ({ scenario, calls }: CallPlan): boolean =>
  scenario in TOGETHER ||
  calls.some(({ function: name }) => name === 'PaymentWebhook') ||
  (calls.some(({ function: name }) => name === 'AwaitPayment') &&
    (SCENARIOS[scenario]?.faults ?? []).some(
      ({ state, fault }) => WAITS.has(state) && fault === 'timeout-after',
    )) ||
  (calls.some(({ function: name }) => name === 'RecoverOrder') &&
    (SCENARIOS[scenario]?.faults ?? []).some(
      ({ state, fault }) => fault === 'abort' && PUBLICATIONS.includes(state),
    ));

/** Runs all lives in one shop, and looks at what became of the orders. */
export const runLivesOnOneStack = async (
  plans: readonly CallPlan[],
  conditions?: Conditions,
): Promise<Report> => {
  const shop = await openShopForLives(plans.length, conditions);
  try {
    const lived = await liveAll(shop, plans);
    await shop.settle();
    const { neighbours } = shop;
    const orders = [...neighbours.orders, ...lived.flatMap((each) => each.orders)];
    const initialStock = new Map(plans.map((_, number) => [ownSku(number), OWN_STOCK + 1]));
    const worlds = await worldsOf(shop);
    const records = new Map(worlds.orders.map((record) => [record.orderId, record]));
    const ends = lived.flatMap(({ orders: [order] }, index): Violation[] => {
      const end = order && records.get(order.orderId)?.outcome?.status;
      const plan = plans[index];
      if (!order || !end || !plan || mayEnd(plan, end)) return [];
      return [violationOf('every order ends as its scenario allows', order, `it is ${end}`)];
    });
    const unreachable = plans
      .filter((plan, index) => !isLuckReached(plan) && lived[index]?.unreached.length)
      .map(({ id }) => id);
    return {
      plans: plans.length,
      violations: [
        ...lived.flatMap(({ violations }) => violations),
        ...ends,
        ...(await neighbours.disturbed()),
        ...violationsAtTheEnd({ worlds, orders, initialStock }),
        ...lostEvents(shop, orders),
        ...unmodelledTraces(shop, orders),
      ],
      unreachable,
    };
  } finally {
    await shop.close();
  }
};
