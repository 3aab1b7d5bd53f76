import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { CarrierUnavailableError, ShipmentDispatchedError } from '../../../lambdas/shipment/errors.ts';
import { sandboxCarrier } from '../../../lambdas/shipment/sandbox-carrier.ts';
import { carrierContract } from '../../adapters/carrier.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const carrier = sandboxCarrier('SandboxParcels');
const request = {
  orderId: 'ord_1',
  items: [{ sku: 'MUG-WHITE', quantity: 2 }],
  shippingAddress: { name: 'Ada', line1: 'Weg 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
};

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ SandboxParcels: 'shipmentId' });
});
const prepared = async (postalCode = '10115') => ({
  orderId: 'ord_1',
  shipmentId: await carrier.prepare({
    ...request,
    shippingAddress: { ...request.shippingAddress, postalCode },
  }),
});
const book = () => tables.rowsOf('SandboxParcels');

carrierContract('sandbox', () => ({
  carrier,
  books: () => book() as unknown as { status: string }[],
  delivered: '10115',
  undeliverable: '00000',
  leave: () => tables.seed('SandboxParcels', { ...book()[0], status: 'DISPATCHED' }),
}));

describe('the sandbox carrier', () => {
  it('does not answer for postal code 99999', async () => {
    await expect(prepared('99999')).rejects.toBeInstanceOf(CarrierUnavailableError);
    expect(book()).toEqual([]);
  });

  it('refuses to book what was cancelled in between', async () => {
    const parcel = await prepared();
    tables.beforeNextWrite(() => carrier.undo(parcel));
    await expect(carrier.commit(parcel)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('keeps what it had booked on record when it cancels', async () => {
    const parcel = await prepared();
    await carrier.commit(parcel);
    await carrier.undo(parcel);
    expect(book()).toMatchObject([{ status: 'CANCELLED', trackingNumber: 'SBXORD1', items: request.items }]);
  });

  it.each(['commit', 'undo', 'close'] as const)('passes on what is no refusal: %s', async (call) => {
    const parcel = await prepared();
    tables.beforeNextWrite(() => Promise.reject(new Error('book away')));
    await expect(carrier[call](parcel)).rejects.toThrow('book away');
  });
});

describe('a parcel to postal code 88888', () => {
  it('leaves as soon as it is booked', async () => {
    const parcel = await prepared('88888');
    await expect(carrier.isDispatched(parcel)).resolves.toBe(false);
    await expect(carrier.commit(parcel)).resolves.toEqual({ trackingNumber: 'SBXORD1' });
    await expect(carrier.commit(parcel)).resolves.toEqual({ trackingNumber: 'SBXORD1' });
    await expect(carrier.isDispatched(parcel)).resolves.toBe(true);
  });

  it('cannot be called back', async () => {
    const parcel = await prepared('88888');
    await carrier.commit(parcel);
    await expect(carrier.undo(parcel)).rejects.toBeInstanceOf(ShipmentDispatchedError);
    expect(book()).toMatchObject([{ status: 'DISPATCHED' }]);
  });

  it('is not booked, and does not leave, where it was cancelled before', async () => {
    const parcel = await prepared('88888');
    await carrier.undo(parcel);
    await expect(carrier.commit(parcel)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    await expect(carrier.isDispatched(parcel)).resolves.toBe(false);
  });
});
