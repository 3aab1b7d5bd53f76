import { ACTS, type Customer, recordOf, rowOf } from './acts.ts';
import type { PublishedEvent } from './shop.ts';

interface Record {
  readonly outcome?: { readonly status: string };
  readonly openSince?: string;
  readonly lookedAt?: string;
  readonly shard?: string;
  readonly parkedAt?: string;
  readonly parking?: { readonly state: string; readonly token?: string };
}
interface Reservation {
  readonly state: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

/** A workflow that waits to tell an end that everybody knows: nobody needs to see it. */
const isOverFor = (state: string | undefined, { outcome, openSince }: Record): boolean =>
  (state === 'ParkConfirmation' && outcome !== undefined) ||
  (state === 'ParkKeeping' && openSince === undefined) ||
  (state === 'ParkCancellation' && outcome?.status === 'CANCELLED');

/** What is wrong with the waits of an order's workflows. */
const waitsOf = (customer: Customer, record: Record): string[] =>
  customer.shop.stack
    .executionsOf(customer.orderId)
    .filter(
      ({ status, token, state }) =>
        status === 'RUNNING' &&
        token !== undefined &&
        token !== record.parking?.token &&
        !isOverFor(state, record),
    )
    .map(
      ({ name, state }) =>
        `${name} waits in ${state}, and the order is ${record.parking ? `parked in ${record.parking.state} with another token` : 'not parked'}`,
    );

/** An order that has not ended is seen to by somebody. */
const isSeenTo = ({ outcome, openSince, lookedAt, shard, parkedAt, parking }: Record): boolean =>
  Boolean(parkedAt && parking) || Boolean(openSince && lookedAt && shard) || Boolean(outcome && !openSince);

/** What is wrong with the stock of a SKU that only the order and its neighbour want. */
const goodsOf = async ({ shop, orderId, neighbourId }: Customer, sku: string, initial: number) => {
  const stock = await rowOf(shop, 'InventoryStock', { sku: { S: sku } });
  let held = 0;
  const problems: string[] = [];
  for (const id of [orderId, neighbourId]) {
    const reservation = (await rowOf(shop, 'InventoryReservations', { orderId: { S: id } })) as
      | Reservation
      | undefined;
    if (reservation?.state !== 'RESERVED') continue;
    held += reservation.items.find((item) => item.sku === sku)?.quantity ?? 0;
    const { outcome, openSince } = ((await recordOf({ shop, orderId: id })) ?? {}) as Record;
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

/** Whoever waits for an operator has been told of, at the latest when the order's turn has come to be looked at. */
const newsOf = async (customer: Customer): Promise<string[]> => {
  const isUntold = async () => {
    const { parkedAt } = ((await recordOf(customer)) ?? {}) as Record;
    return parkedAt !== undefined && !isToldOf(customer, parkedAt);
  };
  if (!(await isUntold())) return [];
  await ACTS.reconcile(customer);
  return (await isUntold()) ? ['it is parked, and OrderNeedsAttention was not published'] : [];
};

/** What holds of an order whenever nothing goes on by itself, whatever is still to come; by the invariant, what is wrong. */
export const wrongAtRest = async (
  customer: Customer,
  sku: string,
  initial: number,
): Promise<readonly (readonly [invariant: string, problem: string])[]> => {
  const record = (await recordOf(customer)) as Record | undefined;
  const named = (invariant: string, problems: readonly string[]) =>
    problems.map((problem) => [invariant, problem] as const);
  return [
    ...named('a workflow that waits is parked, with its token', record ? waitsOf(customer, record) : []),
    ...named(
      'an order is done, parked, or in the queue of who looks for it',
      !record || isSeenTo(record) ? [] : [JSON.stringify(record)],
    ),
    ...named(
      'what is not on the shelf is held by an order that is open or confirmed',
      await goodsOf(customer, sku, initial),
    ),
    ...named('who is parked has been told of', await newsOf(customer)),
  ];
};
