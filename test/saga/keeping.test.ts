import { describe, expect, it } from '@jest/globals';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { OrderKept } from '../../events/order-kept.ts';
import type { Fault } from '../../local/faults/faults.ts';
import type { Shop } from '../../testbed/shop.ts';
import { UNDONE, upTo } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop((opened) => {
  shop = opened;
});

type PlannedFault = Omit<Fault, 'orderId'>;
const LEAVES_AT_ONCE = { postalCode: '88888' };
const keep = { note: 'the carrier will not call it back' };
const bookingTimesOut: PlannedFault = { state: 'CreateShipment', attempt: 1, fault: 'error-after' };
const always = (state: string, fault: Fault['fault'] = 'error-before'): PlannedFault[] =>
  Array.from({ length: 11 }, (_, index) => ({ state, attempt: index + 1, fault }));

const resume = async (orderId: string, body: object = {}) => {
  const answer = await shop.request('POST', `/ops/orders/${orderId}/resume`, body);
  await shop.settle();
  return answer;
};
const rowOf = async (table: string, orderId: string) =>
  (await shop.rows(table)).find((row) => row.orderId === orderId);
const failing = (orderId: string, faults: readonly PlannedFault[]) =>
  shop.stack.faults.add(faults.map((fault) => ({ ...fault, orderId })));

/** A confirmed order whose customer cancels it, and whose parcel leaves before the carrier is asked. */
const leftInBetween = async () => {
  const { orderId } = await shop.order(LEAVES_AT_ONCE);
  await shop.startCancellation(orderId);
  const told = await shop.look(orderId);
  expect(told.order).toMatchObject({
    status: 'NEEDS_ATTENTION',
    failure: { parked: { state: 'ParkUndo', error: 'ShipmentDispatchedError' } },
  });
  return told;
};

/** It has cost its total, its parcel is on its way, its goods are gone, and nothing is to be done about it any more. */
const expectToStand = async (orderId: string) => {
  const told = await shop.look(orderId);
  expect(told.order).toMatchObject({
    status: 'CONFIRMED',
    kept: { by: 'local-operator', note: keep.note, at: expect.any(String) },
  });
  expect(told.order).not.toHaveProperty('failure');
  expect(told.order).not.toHaveProperty('cancelling');
  expect(told.paidCents).toBe(2500);
  expect(await rowOf('ShipmentSandboxParcels', orderId)).toMatchObject({ status: 'DISPATCHED' });
  expect(await rowOf('ShipmentShipments', orderId)).toMatchObject({ state: 'KEPT' });
  expect(await rowOf('InventoryReservations', orderId)).toMatchObject({ state: 'RESERVED' });
  const record = await rowOf('RecordsOrders', orderId);
  for (const attribute of ['openSince', 'lookedAt', 'parkedAt', 'parking', 'cancelling'])
    expect(record).not.toHaveProperty(attribute);
  const { body } = await shop.request('GET', '/ops/orders/parked');
  expect(body.orders).not.toContainEqual(expect.objectContaining({ orderId }));
  return told;
};
const typesOf = ({ events }: { events: readonly { readonly 'detail-type': string }[] }) => [
  ...new Set(events.map((event) => event['detail-type'])),
];

describe('a parcel that leaves in between', () => {
  it('is kept: the order is confirmed as before, and the customer is told so', async () => {
    const { orderId, path } = await leftInBetween();
    expect(await resume(orderId, { keep })).toMatchObject({ status: 202, body: { resumed: 'ParkUndo' } });
    const told = await expectToStand(orderId);
    expect(told.path.slice(path.length)).toEqual([
      'IsKept',
      'KeepShipment',
      'WasConfirmed',
      'PublishOrderKept',
    ]);
    expect(told.order.step).toBe('PublishOrderKept');
    expect(typesOf(told)).toEqual(['OrderConfirmed', 'OrderNeedsAttention', 'OrderKept']);
    const kept = OrderKept.detail.parse(told.events.at(-1)?.detail);
    expect(kept.data).toMatchObject({ orderId, reason: 'CancelledByCustomer', totalCents: 2500 });
    expect(kept.metadata.eventId).toBe(`${orderId}#OrderKept#${kept.data.parkedAt}`);
    const mailOf = (id: string) => told.mails.find(({ eventId }) => eventId === id);
    expect(told.mails).toHaveLength(2);
    expect(mailOf(`${orderId}#OrderConfirmed`)).toBeDefined();
    expect(mailOf(kept.metadata.eventId)?.text).toContain('your parcel had already left');
    expect(told.story).toContainEqual(
      expect.objectContaining({
        kind: 'parking',
        outcome: 'resumed',
        detail: { by: 'local-operator', note: `KeepShipment: ${keep.note}` },
      }),
    );
  });

  it('cannot be cancelled after that, nor kept twice', async () => {
    const { orderId } = await leftInBetween();
    await resume(orderId, { keep });
    await expect(shop.request('POST', `/orders/${orderId}/cancel`)).resolves.toMatchObject({
      status: 409,
      body: { type: 'urn:order-saga:problem:parcel-dispatched' },
    });
    expect(await resume(orderId, { keep })).toMatchObject({ status: 409 });
    await expectToStand(orderId);
  });

  it('of an order that was never confirmed confirms it', async () => {
    const parked = await shop.order(LEAVES_AT_ONCE, [bookingTimesOut]);
    expect(parked.path).toEqual([...upTo('CreateShipment'), 'CancelShipment', 'ParkUndo']);
    await resume(parked.orderId, { keep });
    const told = await expectToStand(parked.orderId);
    expect(typesOf(told)).toEqual(['OrderNeedsAttention', 'OrderConfirmed']);
    const { data } = OrderConfirmed.detail.parse(told.events.at(-1)?.detail);
    const parcel = await rowOf('ShipmentSandboxParcels', parked.orderId);
    expect(data.trackingNumber).toBe(parcel?.trackingNumber);
    expect(told.mails.map(({ eventId }) => eventId)).toEqual([`${parked.orderId}#OrderConfirmed`]);
  });

  it('is kept for good: a cancellation that comes late moves nothing', async () => {
    const { orderId } = await shop.order(LEAVES_AT_ONCE, [
      bookingTimesOut,
      {
        state: 'CancelShipment',
        attempt: 1,
        fault: 'timeout-after',
        calls: 1,
        until: 'PublishOrderConfirmed',
      },
    ]);
    await resume(orderId, { keep });
    await expectToStand(orderId);
  });

  it('is undone after all where it has come back: the order parks again, and goes on as ever', async () => {
    const { orderId } = await leftInBetween();
    const { shipmentId } = (await rowOf('ShipmentSandboxParcels', orderId)) ?? {};
    await shop.stack.call('DynamoDB_20120810', 'UpdateItem', {
      TableName: 'ShipmentSandboxParcels',
      Key: { shipmentId: { S: shipmentId } },
      UpdateExpression: 'SET #status = :booked',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':booked': { S: 'BOOKED' } },
    });
    await resume(orderId, { keep });
    const parked = await shop.look(orderId);
    expect(parked.order.failure).toMatchObject({
      parked: { state: 'ParkUndo', error: 'ShipmentNotDispatchedError' },
    });
    expect(parked.paidCents).toBe(2500);
    await resume(orderId);
    const told = await shop.look(orderId);
    expect(told.path.slice(parked.path.length)).toEqual(['IsKept', 'RetryUndo', ...UNDONE]);
    expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'CancelledByCustomer' } });
    expect(told.order).not.toHaveProperty('kept');
    expect(told.paidCents).toBe(0);
  });
});

describe('to keep an order', () => {
  it.each<[string, readonly PlannedFault[]]>([
    ['fails for a moment', [{ state: 'KeepShipment', attempt: 1, fault: 'error-before' }]],
    ['is done, and its answer lost', [{ state: 'KeepShipment', attempt: 1, fault: 'error-after' }]],
    [
      'dies on the way',
      [1, 2, 3].map((calls) => ({ state: 'KeepShipment', attempt: calls, fault: 'crash', calls })),
    ],
    ['is ended from outside', [{ state: 'KeepShipment', attempt: 1, fault: 'abort' }]],
    ['is ended from outside where it is told', [{ state: 'PublishOrderKept', attempt: 1, fault: 'abort' }]],
    ['is told more than once', [{ state: 'PublishOrderKept', attempt: 1, fault: 'error-after' }]],
  ])('goes through where it %s', async (_, faults) => {
    const { orderId } = await leftInBetween();
    failing(orderId, faults);
    await resume(orderId, { keep });
    const told = await expectToStand(orderId);
    expect(told.faultsLeft).toBe(0);
    const ids = told.events
      .filter((event) => event['detail-type'] === 'OrderKept')
      .map(({ detail }) => detail.metadata.eventId);
    expect(new Set(ids).size).toBe(1);
    expect(told.mails).toHaveLength(2);
  });

  it('parks where it fails for long, and is asked for again once the carrier says again that it has left', async () => {
    const { orderId } = await leftInBetween();
    failing(orderId, always('KeepShipment'));
    await resume(orderId, { keep });
    expect((await shop.look(orderId)).order).toMatchObject({
      step: 'ParkUndo',
      failure: { parked: { error: 'InjectedError' } },
    });
    await resume(orderId);
    expect(await resume(orderId, { keep })).toMatchObject({ status: 202 });
    await expectToStand(orderId);
  });

  it('parks where nobody can be told, and is told once it goes on', async () => {
    const { orderId } = await leftInBetween();
    failing(orderId, always('PublishOrderKept'));
    await resume(orderId, { keep });
    expect((await shop.look(orderId)).order).toMatchObject({
      status: 'NEEDS_ATTENTION',
      step: 'ParkKeeping',
    });
    await resume(orderId);
    await expectToStand(orderId);
  });
});
