import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import {
  AddressUndeliverableError,
  CarrierUnavailableError,
  ShipmentDispatchedError,
} from '../../../lambdas/shipment/errors.ts';
import { sandboxCarrier } from '../../../lambdas/shipment/sandbox-carrier.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const carrier = sandboxCarrier('SandboxParcels');
const request = {
  orderId: 'ord_1',
  items: [{ sku: 'MUG-WHITE', quantity: 2 }],
  shippingAddress: { name: 'Ada', line1: 'Weg 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
};

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ SandboxParcels: 'reference' });
});
const parcel = () => tables.row('SandboxParcels', 'ord_1');

describe('the sandbox carrier', () => {
  it('answers a repeat with the first booking', async () => {
    const first = await carrier.create(request);
    await expect(carrier.create({ ...request, items: [] })).resolves.toEqual(first);
    expect(parcel()).toMatchObject({ items: request.items });
  });

  it('does not deliver to postal code 00000', async () => {
    const shippingAddress = { ...request.shippingAddress, postalCode: '00000' };
    const refused = carrier.create({ ...request, shippingAddress });
    await expect(refused).rejects.toBeInstanceOf(AddressUndeliverableError);
    await expect(refused).rejects.toMatchObject({ reason: 'no delivery to its postal code' });
    expect(parcel()).toBeUndefined();
  });

  it('does not answer for postal code 99999', async () => {
    const shippingAddress = { ...request.shippingAddress, postalCode: '99999' };
    await expect(carrier.create({ ...request, shippingAddress })).rejects.toBeInstanceOf(
      CarrierUnavailableError,
    );
    expect(parcel()).toBeUndefined();
  });

  it('refuses a booking that was cancelled first, or in between', async () => {
    tables.beforeNextWrite(() => carrier.cancel('ord_1'));
    await expect(carrier.create(request)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    await expect(carrier.create(request)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(parcel()).toMatchObject({ status: 'CANCELLED' });
  });

  it('keeps what it had booked on record when it cancels', async () => {
    const { trackingNumber } = await carrier.create(request);
    await carrier.cancel('ord_1');
    expect(parcel()).toMatchObject({ status: 'CANCELLED', trackingNumber });
  });
});

describe('a parcel to postal code 88888', () => {
  const atOnce = { ...request, shippingAddress: { ...request.shippingAddress, postalCode: '88888' } };

  it('leaves at once', async () => {
    await expect(carrier.create(atOnce)).resolves.toEqual({ trackingNumber: 'SBXORD1' });
    await expect(carrier.isDispatched('ord_1')).resolves.toBe(true);
  });

  it('cannot be called back', async () => {
    await carrier.create(atOnce);
    const refused = carrier.cancel('ord_1');
    await expect(refused).rejects.toBeInstanceOf(ShipmentDispatchedError);
    await expect(refused).rejects.toMatchObject({ name: 'ShipmentDispatchedError' });
    expect(parcel()).toMatchObject({ status: 'DISPATCHED' });
  });

  it('is not booked, and does not leave, where it was cancelled before', async () => {
    await carrier.cancel('ord_1');
    await expect(carrier.create(atOnce)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    await expect(carrier.isDispatched('ord_1')).resolves.toBe(false);
  });
});

describe('a reference that is closed', () => {
  it('leaves its parcel as it is, and books none any more', async () => {
    await carrier.create(request);
    await carrier.close('ord_1');
    expect(parcel()).toMatchObject({ status: 'BOOKED' });
    await expect(carrier.create(request)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    await carrier.cancel('ord_1');
    expect(parcel()).toMatchObject({ status: 'BOOKED' });
  });

  it('books none that comes later', async () => {
    await carrier.close('ord_1');
    await expect(carrier.create(request)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(parcel()).toMatchObject({ status: 'CANCELLED' });
  });
});

describe('whether a parcel has left', () => {
  it('is no where it was never booked, is booked, or is cancelled', async () => {
    await expect(carrier.isDispatched('ord_1')).resolves.toBe(false);
    await carrier.create(request);
    await expect(carrier.isDispatched('ord_1')).resolves.toBe(false);
    await carrier.cancel('ord_1');
    await expect(carrier.isDispatched('ord_1')).resolves.toBe(false);
  });
});

it.each(['create', 'cancel', 'close'] as const)('passes on what is no refusal: %s', async (call) => {
  tables.beforeNextWrite(() => Promise.reject(new Error('book away')));
  const answer = call === 'create' ? carrier.create(request) : carrier[call]('ord_1');
  await expect(answer).rejects.toThrow('book away');
});
