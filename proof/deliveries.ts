import { setTimeout as delay } from 'node:timers/promises';
import { listenerName } from '../local/aws/lambda/deliveries.ts';
import type { DeliveryFault } from '../local/faults/delivery-faults.ts';
import { MUG, openShop, type Shop } from '../testbed/shop.ts';
import type { Violation } from './invariants.ts';
import { orderIdOf } from './operator.ts';

/** Who must hear each event at least: a rule that forgets one shows. */
const HEARD_BY: Readonly<Record<string, readonly string[]>> = {
  OrderConfirmed: ['notify-customer', 'record-metrics', 'assess-fraud', 'log-event', 'project-order'],
  FraudSuspected: ['log-event', 'flag-for-review'],
};
/** One in so many deliveries comes late. */
const LATE = 3;
/** Of one in so many deliveries the first call fails. */
const FAILING = 10;
/** One in so many deliveries fails every time. */
const DEAD = 50;
/** Delivered twice, each tried three times. */
const CALLS = 6;
/** One in so many orders is suspicious. */
const SUSPICIOUS = 10;
/** How many orders at a time: more would only wait for each other. */
const AT_ONCE = 40;

/** The faults that hit the deliveries of the order of this number. */
const faultsOf = (number: number, listeners: readonly string[]): Omit<DeliveryFault, 'orderId'>[] =>
  listeners.flatMap((listener, index) => {
    const nth = number * listeners.length + index;
    const times = nth % DEAD === 0 ? CALLS : nth % FAILING === 0 ? 1 : 0;
    // Each listener hears one event per order, but the log hears every one.
    const events = listener === 'log-event' ? 2 : 1;
    return [
      { listener, fault: 'deliver-twice' as const, times: events },
      ...(nth % LATE === 0 ? [{ listener, fault: 'deliver-late' as const, times: events }] : []),
      ...(times > 0 ? [{ listener, fault: 'listener-error' as const, times }] : []),
    ];
  });

/** How often each effect happened, by listener and event: as the outside world has it, where it can tell. */
const effectsIn = async (shop: Shop): Promise<Map<string, number>> => {
  const effects = new Map<string, number>();
  const count = (effect: string, times = 1) => effects.set(effect, (effects.get(effect) ?? 0) + times);
  for (const { eventId, sent } of await shop.rows('ListenersSandboxMailbox'))
    count(`notify-customer ${eventId}`, Number(sent));
  for (const line of shop.logs) {
    const { _aws, correlationId, service, message, eventId } = line;
    if (_aws) count(`record-metrics ${correlationId}`);
    // The others write the same again if they are called twice, so their calls are counted.
    else if (message === 'delivered' && !['notify-customer', 'record-metrics'].includes(String(service)))
      count(`${service} ${eventId}`);
  }
  return effects;
};

/** The effects that must have happened, once each. */
const effectsDue = (shop: Shop): string[] =>
  shop.stack.published().flatMap((event) => {
    const { eventId, correlationId } = (event.detail as { metadata: Record<string, string> }).metadata;
    const atLeast = HEARD_BY[String(event['detail-type'])] ?? [];
    return [...new Set([...atLeast, ...shop.stack.listenersOf(event)])].map((listener) =>
      listener === 'record-metrics' ? `${listener} ${correlationId}` : `${listener} ${eventId}`,
    );
  });

const violation = (invariant: string, message: string): Violation => ({
  invariant,
  message: `${invariant}: ${message}`,
});

const wrongCounts = (due: readonly string[], effects: ReadonlyMap<string, number>): Violation[] => [
  ...due
    .filter((effect) => effects.get(effect) !== 1)
    .map((effect) => violation('each effect happens once', `${effect}: ${effects.get(effect) ?? 0} times`)),
  ...[...effects.keys()]
    .filter((effect) => !due.includes(effect))
    .map((effect) => violation('no effect is without its event', effect)),
];

const deadLetters = async (shop: Shop): Promise<{ listener: string; deadLetters: number }[]> =>
  (await shop.request('GET', '/ops/dead-letters')).body.listeners as never;
const total = (letters: readonly { deadLetters: number }[]) =>
  letters.reduce((sum, each) => sum + each.deadLetters, 0);

/** Until no dead letter is left. @returns how many there were */
const redriveAll = async (shop: Shop): Promise<number> => {
  const before = total(await deadLetters(shop));
  for (const { listener, deadLetters: count } of await deadLetters(shop)) {
    for (let left = count; left > 0; ) {
      const { body } = await shop.request('POST', `/ops/listeners/${listener}/redrive`);
      left = Number(body.left);
    }
  }
  await shop.settle();
  return before;
};

/** How often listeners were called so far. */
const callsIn = ({ stack }: Shop): number =>
  Object.entries(stack.counts().invocations)
    .filter(([name]) => stack.listeners.includes(listenerName(name)))
    .reduce((sum, [, count]) => sum + count, 0);

export interface DeliveriesReport {
  readonly events: number;
  readonly effects: number;
  /** How many calls of listeners it took, failed ones and idle repeats included. */
  readonly calls: number;
  readonly deadLetters: number;
  readonly violations: readonly Violation[];
}

/**
 * Places so many orders, every event of which is delivered twice, a third of them late. A tenth of the listeners' first
 * calls fail, and some fail for good. Then redrives the dead letters, and replays the whole archive.
 */
export const proveDeliveries = async (orders: number): Promise<DeliveriesReport> => {
  const shop = await openShop([{ ...MUG, available: orders * 12 }], { timeScale: 0.002 });
  try {
    for (let number = 0; number < orders; number += 1) {
      while (shop.stack.underWay() >= AT_ONCE) await delay(2);
      const key = `delivery-${number}`;
      const orderId = orderIdOf(key);
      shop.stack.deliveryFaults.add(
        faultsOf(number, shop.stack.listeners).map((fault) => ({ ...fault, orderId })),
      );
      const quantity = number % SUSPICIOUS === 0 ? 12 : 1;
      const body = shop.bodyOf({ items: [{ sku: MUG.sku, quantity }] });
      await shop.request('POST', '/orders', body, { 'idempotency-key': key });
    }
    await shop.settle();
    const redriven = await redriveAll(shop);
    const due = effectsDue(shop);
    const violations = wrongCounts(due, await effectsIn(shop));
    const left = total(await deadLetters(shop));
    if (left > 0) violations.push(violation('no dead letter is left', `${left} are`));
    const open = (await shop.rows('RecordsOrders')).filter(({ outcome }) => !outcome);
    if (open.length > 0) violations.push(violation('every order’s end is known', `${open.length} are not`));

    const archive = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
    const before = callsIn(shop);
    await shop.request('POST', '/ops/replays', archive);
    await shop.settle();
    const calls = callsIn(shop);
    if (calls - before < due.length)
      violations.push(
        violation('a replay reaches every listener', `${calls - before} calls of ${due.length}`),
      );
    violations.push(...wrongCounts(due, await effectsIn(shop)));
    return {
      events: shop.stack.published().length,
      effects: due.length,
      calls,
      deadLetters: redriven,
      violations,
    };
  } finally {
    await shop.close();
  }
};
