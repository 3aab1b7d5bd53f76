import { WAITS } from '../saga/steps.ts';
import type { PublishedEvent, Shop } from '../testbed/shop.ts';
import { ACTS, type Customer, recordOf, rowOf } from './acts.ts';
import type { OrderRow } from './worlds.ts';

/** An invariant, and how it is violated. */
export type Wrong = readonly [invariant: string, problem: string];
interface Reservation {
  readonly state: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

/** A workflow that waits to publish an end which everybody knows: nobody needs to see it. */
const isOverFor = (state: string | undefined, { outcome, openSince }: OrderRow): boolean =>
  (state === 'ParkConfirmation' && outcome !== undefined) ||
  (state === 'ParkKeeping' && openSince === undefined) ||
  (state === 'ParkCancellation' && outcome?.status === 'CANCELLED');

/** What is wrong with the waits of an order's workflows. */
const waitsOf = ({ stack }: Shop, record: OrderRow): string[] =>
  stack
    .executionsOf(record.orderId)
    .filter(
      ({ status, token, state }) =>
        status === 'RUNNING' &&
        token !== undefined &&
        !WAITS.has(state ?? '') &&
        token !== record.parking?.token &&
        !isOverFor(state, record),
    )
    .map(
      ({ name, state }) =>
        `${name} waits in ${state}, and the order is ${record.parking ? `parked in ${record.parking.state} with another token` : 'not parked'}`,
    );

/** Somebody or something looks after an order that has not ended. */
const isSeenTo = ({ outcome, openSince, lookedAt, shard, parkedAt, parking }: OrderRow): boolean =>
  Boolean(parkedAt && parking) || Boolean(openSince && lookedAt && shard) || Boolean(outcome && !openSince);

const named = (invariant: string, problems: readonly string[]): Wrong[] =>
  problems.map((problem) => [invariant, problem]);

/** What holds for an order's record whenever nothing goes on by itself. */
export const wrongOnRecord = (shop: Shop, record: OrderRow): readonly Wrong[] => [
  ...named('a workflow that waits is parked, with its token', waitsOf(shop, record)),
  ...named(
    'an order is done, parked, or in the queue of who looks for it',
    isSeenTo(record) ? [] : [JSON.stringify(record)],
  ),
  ...named(
    'what has ended waits for nobody',
    record.outcome && !record.openSince && record.parkedAt ? ['it has ended, and is parked'] : [],
  ),
];

/** What is wrong with the stock of a SKU that only the order and its rival want, a neighbour's piece left out. */
const goodsOf = async ({ shop, orderId, rivalId }: Customer, sku: string, initial: number) => {
  const stock = await rowOf(shop, 'InventoryStock', { sku: { S: sku } });
  let held = 0;
  const problems: string[] = [];
  for (const id of [orderId, rivalId]) {
    const reservation = (await rowOf(shop, 'InventoryReservations', { orderId: { S: id } })) as
      | Reservation
      | undefined;
    if (reservation?.state !== 'RESERVED') continue;
    const record = (await recordOf({ shop, orderId: id })) ?? {};
    const { outcome, openSince, parking } = record as Partial<OrderRow>;
    // Put back by hand; our books hear of it when the undo comes to it.
    if (parking?.resolutions?.ReleaseInventory) continue;
    held += reservation.items.find((item) => item.sku === sku)?.quantity ?? 0;
    if (outcome?.status === 'CANCELLED' && !openSince) problems.push(`${id} is CANCELLED and holds goods`);
  }
  const available = Number(stock?.available);
  if (available + held !== initial)
    problems.push(`${sku} has ${available} available and ${held} reserved, of ${initial}`);
  return problems;
};

const isToldOf = ({ shop, orderId }: Customer, parkedAt: string): boolean =>
  (shop.stack.published() as readonly unknown[] as PublishedEvent[]).some(
    ({ 'detail-type': type, detail }) =>
      type === 'OrderNeedsAttention' &&
      detail.data.orderId === orderId &&
      detail.metadata.occurredAt === parkedAt,
  );

/** A parked order has been published, at the latest when its turn comes to be looked at. */
const newsOf = async (customer: Customer): Promise<string[]> => {
  const isUntold = async () => {
    const { parkedAt } = ((await recordOf(customer)) ?? {}) as Partial<OrderRow>;
    return parkedAt !== undefined && !isToldOf(customer, parkedAt);
  };
  if (!(await isUntold())) return [];
  await ACTS.reconcile(customer);
  return (await isUntold()) ? ['it is parked, and OrderNeedsAttention was not published'] : [];
};

/** What is wrong with the workflows that wait for a payment: who looks at it wakes them by the token that the ledger has. */
const awaitingsOf = async ({ shop, orderId }: Customer): Promise<string[]> => {
  const waiting = shop.stack
    .executionsOf(orderId)
    .filter(({ status, token, state }) => status === 'RUNNING' && token && WAITS.has(state ?? ''));
  if (waiting.length === 0) return [];
  const entry = (await rowOf(shop, 'PaymentPayments', { orderId: { S: orderId } })) as
    | { readonly awaiting?: { readonly token: string } }
    | undefined;
  return waiting
    .filter(({ token }) => token !== entry?.awaiting?.token)
    .map(({ name, state }) => `${name} waits in ${state}, and the ledger has another token, or none`);
};

/** What else holds for an order whenever nothing goes on by itself, whatever is still to come. */
export const wrongAtRest = async (
  customer: Customer,
  sku: string,
  initial: number,
): Promise<readonly Wrong[]> => {
  const record = (await recordOf(customer)) as OrderRow | undefined;
  return [
    ...(record ? wrongOnRecord(customer.shop, record) : []),
    ...named(
      'what is not on the shelf is held by an order that is open or confirmed',
      await goodsOf(customer, sku, initial),
    ),
    ...named('who is parked has been told of', await newsOf(customer)),
    ...named('a workflow that waits for a payment can be woken', await awaitingsOf(customer)),
  ];
};
