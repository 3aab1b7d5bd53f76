import { goOnFrom } from '../../lambdas/orders/go-on-from.ts';
import { FIRST_UNDO } from '../../saga/steps.ts';
import { bookOf, EFFECT_NAMES, type Effect } from '../effects.ts';
import { type Book, isQuiet, type Order } from './order.ts';

type Problem = string | undefined;

const STANDING: readonly Book[] = ['done', 'left'];
const stands = (order: Order, effect: Effect): boolean => STANDING.includes(order[bookOf(effect)]);
const saysOf = (order: Order, effect: Effect): string =>
  `the ${bookOf(effect)} says ${order[bookOf(effect)] || 'nothing'}`;
const hasEnded = ({ outcome, isOpen, parked }: Order) => outcome !== '' && !isOpen && parked === 0;

/** What holds at every moment. */
const ALWAYS: Readonly<Record<string, (order: Order) => Problem>> = {
  'no parcel whose money has been given back': (order) =>
    stands(order, 'shipment') && order.provider === 'undone'
      ? 'a parcel is booked, and its money is back'
      : undefined,
  'what is published as cancelled is undone, and stays so': (order) => {
    if (!order.published.includes('OrderCancelled')) return undefined;
    const left = EFFECT_NAMES.find((effect) => stands(order, effect));
    if (left) return saysOf(order, left);
    return order.reservation === 'RESERVED' ? 'goods are reserved' : undefined;
  },
  'what is published as confirmed is there': (order) => {
    if (!order.published.includes('OrderConfirmed') || order.isAsked) return undefined;
    const missing = EFFECT_NAMES.find((effect) => !stands(order, effect));
    if (missing) return saysOf(order, missing);
    return order.reservation === 'RESERVED' ? undefined : `goods ${order.reservation || 'nothing'}`;
  },
  'an order that was published as confirmed is cancelled as its customer asks, and not otherwise': (order) =>
    order.published.includes('OrderConfirmed') && order.published.includes('OrderCancelled') && !order.isAsked
      ? 'both are published'
      : undefined,
};

/** What holds where nothing moves but for operators, customers and the reconciler. */
const QUIET: Readonly<Record<string, (order: Order) => Problem>> = {
  'who waits is on record as parked, under the token that wakes it': ({ runs, parked, outcome }) => {
    const unseen = runs.find(({ end, wait, state }) => {
      if (end !== '' || wait === parked) return false;
      // Its end is known to everyone who listens, though not to itself.
      const from = goOnFrom(state);
      const isKnown = from === FIRST_UNDO ? outcome === 'CANCELLED' : outcome !== '';
      return !isKnown;
    });
    return (
      unseen &&
      `execution ${unseen.name} waits in ${unseen.state}, wait ${unseen.wait}, on record is ${parked || 'none'}`
    );
  },
  'an order ends, waits visibly, or is in the reconciler’s queue': (order) =>
    hasEnded(order) || order.isOpen || order.parked > 0 ? undefined : 'nobody will look at it',
};

/** What holds where the reconciler finds nothing to do either. */
const AT_REST: Readonly<Record<string, (order: Order) => Problem>> = {
  'nothing is stuck': (order) =>
    hasEnded(order) || order.parked > 0
      ? undefined
      : 'it has not ended, nobody is asked, and the reconciler finds nothing to do',
  'who is on record as parked can be resumed': ({ parked, parkedIn, runs }) => {
    if (parked === 0) return undefined;
    const waiting = runs.find(({ wait }) => wait === parked);
    const canGoOn = parkedIn === 'Recovery' ? waiting === runs.at(-1) : waiting?.end === '';
    return canGoOn ? undefined : `nobody waits under wait ${parked}`;
  },
  'operators were told of who waits for them': ({ parked, isHeard }) =>
    parked > 0 && !isHeard ? `nobody was told of wait ${parked}` : undefined,
  'every effect stands for a confirmed order, and for no other': (order) => {
    if (!hasEnded(order)) return undefined;
    const isWrong = (effect: Effect) =>
      order.outcome === 'CONFIRMED' ? !stands(order, effect) : stands(order, effect);
    const wrong = EFFECT_NAMES.find(isWrong);
    return wrong && `it is ${order.outcome}, and ${saysOf(order, wrong)}`;
  },
  'stock: goods are held for a confirmed order and no other': (order) => {
    if (!hasEnded(order)) return undefined;
    return (order.outcome === 'CONFIRMED') === (order.reservation === 'RESERVED')
      ? undefined
      : `it is ${order.outcome}, and its reservation ${order.reservation || 'none'}`;
  },
  'its end is what was published': (order) => {
    if (!hasEnded(order)) return undefined;
    const event = order.isKept
      ? 'OrderKept'
      : order.outcome === 'CONFIRMED'
        ? 'OrderConfirmed'
        : 'OrderCancelled';
    return order.published.some((each) => each.startsWith(event))
      ? undefined
      : `it is ${order.outcome}, published ${order.published}`;
  },
  'an order whose cancellation was started is cancelled, or kept as its parcel had left': (order) =>
    hasEnded(order) && order.isAsked && order.outcome !== 'CANCELLED' && !order.isKept
      ? `it is ${order.outcome}`
      : undefined,
  'kept is what has left': (order) =>
    order.isKept && order.carrier !== 'left' ? `the carrier says ${order.carrier || 'nothing'}` : undefined,
};

/** What holds from one moment to the next. */
const STEPS: Readonly<Record<string, (before: Order, after: Order) => Problem>> = {
  'an order once cancelled stays so': (before, after) =>
    before.outcome === 'CANCELLED' && after.outcome !== 'CANCELLED' ? `it is ${after.outcome}` : undefined,
  'an order that was kept is left alone': (before, { runs }) => {
    const next = runs[before.runs.length];
    return before.isKept && next?.from === FIRST_UNDO ? `execution ${next.name} undoes it` : undefined;
  },
};

export const PROPERTIES = [ALWAYS, QUIET, AT_REST, STEPS].flatMap((properties) => Object.keys(properties));

/** @returns the first property that does not hold, and why */
export const brokenIn = (
  before: Order | undefined,
  order: Order,
  isAtRest: (order: Order) => boolean,
): { readonly property: string; readonly problem: string } | undefined => {
  const first = (properties: Readonly<Record<string, (order: Order) => Problem>>) => {
    for (const [property, check] of Object.entries(properties)) {
      const problem = check(order);
      if (problem) return { property, problem };
    }
    return undefined;
  };
  for (const [property, check] of Object.entries(STEPS)) {
    const problem = before && check(before, order);
    if (problem) return { property, problem };
  }
  const found = first(ALWAYS);
  if (found || !isQuiet(order)) return found;
  return first(QUIET) ?? (isAtRest(order) ? first(AT_REST) : undefined);
};
