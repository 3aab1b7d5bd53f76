import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openShop, type Shop, shelf } from '../../testbed/shop.ts';

const ORDERS = 200;
const AT_ONCE = 50;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(shelf(ORDERS), { timeScale: 0.002 });
});
afterAll(() => shop.close());

describe(`${ORDERS} orders, ${AT_ONCE} at a time, on distinct SKUs`, () => {
  it('are all confirmed, and our ledgers agree with the outside worlds', async () => {
    const waiting = Array.from({ length: ORDERS }, (_, index) => index);
    const placeNext = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const { status } = await shop.request(
          'POST',
          '/orders',
          shop.bodyOf({ items: [{ sku: `SKU-${index}`, quantity: 1 }] }),
        );
        expect(status).toBe(202);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, placeNext));
    await shop.settle();

    const orders = await shop.rows('RecordsOrders');
    expect(orders).toHaveLength(ORDERS);
    expect(orders.every(({ outcome }) => (outcome as { status: string }).status === 'CONFIRMED')).toBe(true);

    const sorted = (ids: unknown[]) => ids.map(String).sort();
    const orderIds = sorted(orders.map(({ orderId }) => orderId));
    const charged = (await shop.rows('PaymentPayments')).filter(({ state }) => state === 'CHARGED');
    expect(sorted(charged.map(({ orderId }) => orderId))).toEqual(orderIds);
    const charges = await shop.rows('PaymentSandboxCharges');
    expect(sorted(charges.map(({ orderId }) => orderId))).toEqual(orderIds);
    expect(
      charges.every(({ chargedCents, refundedCents }) => chargedCents === 1250 && refundedCents === 0),
    ).toBe(true);
    expect(sorted((await shop.rows('InventoryReservations')).map(({ orderId }) => orderId))).toEqual(
      orderIds,
    );
    expect((await shop.rows('InventoryStock')).every(({ available }) => available === 0)).toBe(true);
    expect(sorted((await shop.rows('ShipmentSandboxParcels')).map((parcel) => parcel.orderId))).toEqual(
      orderIds,
    );
    expect(await shop.rows('ListenersSandboxMailbox')).toHaveLength(ORDERS);
    expect(shop.stack.deadLetters()).toEqual([]);
  });
});
