import { expect, it } from '@jest/globals';
import { openShop, type Shop } from '../../testbed/shop.ts';
import { HAPPY, undoneFrom } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop(
  (opened) => {
    shop = opened;
  },
  () => openShop(undefined, { carrier: 'easypost' }),
);

const parcelOf = (orderId: string) =>
  shop.stack.easypost?.parcels().filter((parcel) => parcel.orderId === orderId);

it('an order is shipped through EasyPost, whose label says whose it is', async () => {
  const told = await shop.order();
  expect(told.path).toEqual(HAPPY);
  expect([told.order.status, told.paidCents]).toEqual(['CONFIRMED', 2500]);
  const [shipment] = (await shop.rows('ShipmentShipments')).filter(({ orderId }) => orderId === told.orderId);
  expect(parcelOf(told.orderId)).toMatchObject([
    { status: 'BOOKED', bought: 1, refunded: 0, ...(shipment?.result as object) },
  ]);
  expect(shipment?.result).toEqual({ trackingNumber: expect.stringMatching(/^94/) });
});

it('an address that no service goes to ends the order, and nothing is bought', async () => {
  const told = await shop.order({ postalCode: '00000' });
  expect(told.path).toEqual([
    'ChargePayment',
    'ReserveInventory',
    'CreateShipment',
    ...undoneFrom('ReleaseInventory'),
  ]);
  expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'AddressUndeliverableError' } });
  expect(told.paidCents).toBe(0);
});

it('a label whose answer is lost is not bought twice', async () => {
  shop.stack.easypost?.fail('lost', 'buy');
  const told = await shop.order();
  expect(told.order.status).toBe('CONFIRMED');
  expect(told.entries[2]?.detail.attempts).toBe(2);
  expect(parcelOf(told.orderId)).toMatchObject([{ status: 'BOOKED', bought: 1 }]);
});

it('a purchase that stalls until it is undone is refused by EasyPost', async () => {
  const told = await shop.order({}, [
    { state: 'CreateShipment', attempt: 1, fault: 'timeout-after', calls: 4, until: 'RefundPayment' },
  ]);
  expect(told.faultsLeft).toBe(0);
  expect([told.order.status, told.paidCents]).toEqual(['CANCELLED', 0]);
  expect(parcelOf(told.orderId)).toMatchObject([{ status: 'CANCELLED', bought: 1, refunded: 1 }]);
});

it('a parcel that has left is known to have: its order is not cancelled any more', async () => {
  const { orderId } = await shop.order();
  const [parcel] = parcelOf(orderId) ?? [];
  shop.stack.easypost?.leave(parcel?.shipmentId ?? '');
  const { status, body } = await shop.request('POST', `/orders/${orderId}/cancel`, {});
  expect([status, body.title]).toEqual([409, expect.stringMatching(/./)]);
  expect((await shop.look(orderId)).order.status).toBe('CONFIRMED');
});

it('a confirmed order that its customer cancels gives its label back', async () => {
  const { orderId } = await shop.order();
  await shop.request('POST', `/orders/${orderId}/cancel`, {});
  await shop.settle();
  expect(parcelOf(orderId)).toMatchObject([{ status: 'CANCELLED', bought: 1, refunded: 1 }]);
});
