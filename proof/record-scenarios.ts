import type { Call } from '../local/faults/calls.ts';
import { callPlanOf, type RecordedCall } from './call-plans.ts';
import type { Conditions } from './operator.ts';
import { liveAll, openShopForLives } from './run-lives.ts';
import { PUBLICATIONS, STEPS } from './saga.ts';
import { SCENARIOS } from './scenarios.ts';

/** How many lives at a time: so few that no call is retried. */
const AT_ONCE = 4;

/** The same state, or a step and its undo. */
const isOfOneEffect = (one: string, other: string): boolean =>
  one === other || STEPS[one]?.undoneFrom === other || STEPS[other]?.undoneFrom === one;

/**
 * Functions whose number of calls is a matter of luck: the handler of an aborted task goes on beside the one that
 * undoes or repeats it, and listeners get a repeated publication all at once.
 */
const isLucky = (scenario: string, name: string, isOnTheBus: (name: string) => boolean): boolean => {
  const { faults } = SCENARIOS[scenario] ?? { faults: [] };
  const isRepeated = faults.some(
    ({ state, fault }) => PUBLICATIONS.includes(state) && ['error-after', 'abort'].includes(fault),
  );
  return (
    faults.some(({ state, fault }) => fault === 'abort' && isOfOneEffect(state, name)) ||
    (isRepeated && isOnTheBus(name))
  );
};

/** The parts that functions play in a life. */
interface Parts {
  /** It only listens, and decides nothing about the order. */
  readonly isListener: (name: string) => boolean;
  /** An event invokes it, so it runs beside everything else. */
  readonly isOnTheBus: (name: string) => boolean;
}

/**
 * The calls of a life, with what came before each. Among functions that run at once, whose call comes first is a matter
 * of luck: so each counts as done before those that began after it, and one invoked by an event does not count for
 * those beside it.
 * @param lived the calls from one rest to the next
 */
const recordedOf = (
  lived: readonly (readonly Call[])[],
  { isListener, isOnTheBus }: Parts,
): RecordedCall[] => {
  const counts: Record<string, number> = {};
  return lived.flatMap((calls) => {
    const atRest = Object.entries(counts).filter(([other]) => !isListener(other));
    const begun = [...new Set(calls.map(({ function: name }) => name))];
    const countsFor = (name: string, other: string) =>
      !isOnTheBus(other) && !(isOnTheBus(name) && other === 'RecoverOrder');
    const beginning = (name: string) =>
      begun
        .slice(0, begun.indexOf(name))
        .filter((other) => countsFor(name, other))
        .map((other) => [other, calls.filter((call) => call.function === other).length]);
    return calls.map(({ function: name, operation }) => {
      const number = (counts[name] ?? 0) + 1;
      counts[name] = number;
      const isListeners = isListener(name);
      const before = isListeners ? [] : [atRest.toSorted(), beginning(name).toSorted()];
      const place = JSON.stringify([name, number, operation, ...before]);
      return { function: name, operation, number, isListeners, place };
    });
  });
};

/** `NotifyCustomer` of `notify-customer`. */
const constructId = (listener: string): string =>
  listener.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());

/** Goes through scenarios without a fault of a call, and tells which calls were made in each. */
export const recordScenarios = async (
  scenarios: readonly string[],
  conditions?: Conditions,
): Promise<ReadonlyMap<string, readonly RecordedCall[]>> => {
  const recorded = scenarios.filter((name) => !SCENARIOS[name]?.isWhole);
  const shop = await openShopForLives(recorded.length, conditions);
  try {
    const lived = await liveAll(
      shop,
      recorded.map((scenario) => callPlanOf(scenario, [])),
      AT_ONCE,
    );
    // What the provider tells comes beside everything else, too.
    const onTheBus = new Set([...shop.stack.listeners.map(constructId), 'PaymentWebhook']);
    const isOnTheBus = (name: string) => onTheBus.has(name);
    // The only ones whose doings others decide by.
    const isListener = (name: string) =>
      isOnTheBus(name) && !['ProjectOrder', 'PaymentWebhook'].includes(name);
    return new Map(
      recorded.map((scenario, index) => [
        scenario,
        recordedOf(
          (lived[index]?.calls ?? []).map((calls) =>
            calls.filter((call) => !isLucky(scenario, call.function, isOnTheBus)),
          ),
          { isListener, isOnTheBus },
        ),
      ]),
    );
  } finally {
    await shop.close();
  }
};
