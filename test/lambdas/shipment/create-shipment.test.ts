import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { handler as cancelShipment } from '../../../lambdas/shipment/cancel-shipment.ts';
import { handler as createShipment } from '../../../lambdas/shipment/create-shipment.ts';
import {
  AddressUndeliverableError,
  ShipmentDispatchedError,
  ShipmentNotDispatchedError,
} from '../../../lambdas/shipment/errors.ts';
import { handler as keepShipment } from '../../../lambdas/shipment/keep-shipment.ts';
import { shipping } from '../../../lambdas/shipment/shipment.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const order = { orderId: 'ord_1', correlationId: 'corr-1' };
const shippingAddress = {
  name: 'Ada Lovelace',
  line1: 'Invalidenstr. 116',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
};
const input = { ...order, items: [{ sku: 'MUG-WHITE', quantity: 2 }] };
const nowhere = { shippingAddress: { ...shippingAddress, postalCode: '00000' } };

const create = ({ shippingAddress: to = shippingAddress, ...changes }: Record<string, unknown> = {}) => {
  tables.seed('PersonalData', { orderId: 'ord_1', shippingAddress: to });
  return createShipment({ ...input, ...changes }, lambdaContext);
};
const cancel = (resolutions = {}) => cancelShipment({ ...order, resolutions }, lambdaContext);
const keep = () => keepShipment(order, lambdaContext);
const byHand = { note: 'fetched from the depot', by: 'operator-1', at: '2026-01-15T09:40:00.000Z' };

let tables: TablesInMemory;
const entry = () => tables.row('Shipments', 'ord_1');
const book = () => tables.rowsOf('SandboxParcels');
const parcel = () => book()[0];

beforeEach(() => {
  tables = tablesInMemory({ Shipments: 'orderId', SandboxParcels: 'shipmentId', PersonalData: 'orderId' });
});

describe('create-shipment', () => {
  it('books one parcel, however often it is called', async () => {
    const first = await create();
    expect(first).toEqual({ trackingNumber: 'SBXORD1' });
    await expect(create()).resolves.toEqual(first);
    expect(parcel()).toMatchObject({ status: 'BOOKED', items: input.items });
    expect(entry()).toMatchObject({ state: 'CREATED', correlationId: 'corr-1', result: first });
  });

  it('keeps the address nowhere: it is read by the order, and told to the carrier', async () => {
    await create();
    expect(JSON.stringify([entry(), parcel()])).not.toContain('Invalidenstr');
  });

  it('that is still on its way when its undo is through books nothing', async () => {
    tables.beforeNextWrite(async () => {
      tables.beforeNextWrite(async () => {
        tables.beforeNextWrite(() => cancel());
      });
    });
    await expect(create()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(entry()).toMatchObject({ state: 'CANCELLED' });
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('does not start in prod with the sandbox for a carrier', () => {
    process.env.STAGE = 'prod';
    expect(shipping).toThrow('CARRIER: ');
    process.env.STAGE = 'dev';
  });

  it('is refused for good where the carrier does not deliver', async () => {
    await expect(create(nowhere)).rejects.toBeInstanceOf(AddressUndeliverableError);
    await expect(create()).rejects.toBeInstanceOf(AddressUndeliverableError);
    expect(entry()).toMatchObject({ state: 'REFUSED' });
    expect(book()).toMatchObject([{ status: 'REFUSED' }]);
  });

  it('that crashed after the carrier had booked is settled by the same parcel', async () => {
    const first = await create();
    tables.seed('Shipments', { ...entry(), state: 'CREATING' });
    await expect(create()).resolves.toEqual(first);
    expect(entry()).toMatchObject({ state: 'CREATED', result: first });
  });

  it.each([
    ['items', []],
    ['items.0.quantity', [{ sku: 'MUG-WHITE', quantity: 0 }]],
  ])('refuses an input with a bad %s, and books nothing', async (field, value) => {
    const top = field.split('.')[0] ?? '';
    await expect(create({ [top]: value })).rejects.toThrow(`invalid input: ${field}: `);
    expect(tables.writes()).toBe(0);
  });
});

describe('create-shipment, for its address,', () => {
  it.each([
    ['country', { ...shippingAddress, country: 'Germany' }],
    ['line2', { ...shippingAddress, line2: '' }],
    ['region', { ...shippingAddress, region: '' }],
    ['city', { ...shippingAddress, city: undefined }],
  ])('refuses one with a bad %s, and books nothing', async (field, address) => {
    await expect(create({ shippingAddress: address })).rejects.toThrow(
      `invalid input: shippingAddress.${field}: `,
    );
    expect(parcel()).toBeUndefined();
  });

  it('fails by name where it is erased, and books nothing', async () => {
    await expect(createShipment(input, lambdaContext)).rejects.toMatchObject({
      name: 'PersonalDataErasedError',
    });
    expect(parcel()).toBeUndefined();
  });
});

describe('cancel-shipment', () => {
  it('cancels the parcel', async () => {
    await create();
    await cancel();
    await cancel();
    expect(parcel()).toMatchObject({ status: 'CANCELLED' });
    expect(entry()).toMatchObject({ state: 'CANCELLED' });
  });

  it('of nothing fences the order: a late booking is refused', async () => {
    await cancel();
    await expect(create()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(entry()).toMatchObject({ state: 'VOIDED' });
    expect(parcel()).toBeUndefined();
  });

  it('of an attempt that left no outcome cancels what the carrier had booked', async () => {
    await create();
    tables.seed('Shipments', { ...entry(), state: 'CREATING' });
    await cancel();
    expect(parcel()).toMatchObject({ status: 'CANCELLED' });
    expect(entry()).toMatchObject({ state: 'CANCELLED' });
  });

  it('fails where the parcel has left, and stays begun', async () => {
    await create({ shippingAddress: { ...shippingAddress, postalCode: '88888' } });
    await expect(cancel()).rejects.toBeInstanceOf(ShipmentDispatchedError);
    await expect(cancel()).rejects.toBeInstanceOf(ShipmentDispatchedError);
    expect(entry()).toMatchObject({ state: 'CANCELLING' });
  });

  it('that was settled by hand is recorded, and leaves the parcel alone', async () => {
    await create({ shippingAddress: { ...shippingAddress, postalCode: '88888' } });
    await cancel().catch(() => undefined);
    await cancel({ CancelShipment: byHand });
    expect(entry()).toMatchObject({ state: 'CANCELLED', resolution: byHand });
    expect(parcel()).toMatchObject({ status: 'DISPATCHED' });
  });

  it('is done where only another undo was settled by hand', async () => {
    await create();
    await cancel({ ReleaseInventory: byHand, RefundPayment: byHand });
    expect(parcel()).toMatchObject({ status: 'CANCELLED' });
  });

  it('of a refused shipment touches neither ledger nor carrier', async () => {
    await create(nowhere).catch(() => undefined);
    await cancel();
    expect(entry()).toMatchObject({ state: 'REFUSED' });
    expect(parcel()).toMatchObject({ status: 'REFUSED' });
  });
});

describe('keep-shipment', () => {
  const leavesAtOnce = { shippingAddress: { ...shippingAddress, postalCode: '88888' } };
  const shipment = { trackingNumber: 'SBXORD1' };

  it('takes a parcel that has left for what it is, as often as it is asked', async () => {
    await create(leavesAtOnce);
    await expect(cancel()).rejects.toBeInstanceOf(ShipmentDispatchedError);
    await expect(keep()).resolves.toEqual(shipment);
    await expect(keep()).resolves.toEqual(shipment);
    expect(entry()).toMatchObject({ state: 'KEPT', result: shipment });
    expect(parcel()).toMatchObject({ status: 'DISPATCHED' });
  });

  it('learns from the carrier what the booking, which timed out, did not live to tell', async () => {
    await create(leavesAtOnce);
    const { result, ...begun } = entry() ?? {};
    tables.seed('Shipments', { ...begun, state: 'CANCELLING' });
    await expect(keep()).resolves.toEqual(shipment);
    expect(entry()).toMatchObject({ state: 'KEPT', result: shipment });
  });

  it('leaves it to the carrier whether it can be cancelled after all', async () => {
    await create(leavesAtOnce);
    await cancel().catch(() => undefined);
    await keep();
    await expect(cancel()).rejects.toBeInstanceOf(ShipmentDispatchedError);
    expect(entry()).toMatchObject({ state: 'KEPT', result: shipment });
    tables.seed('SandboxParcels', { ...parcel(), status: 'BOOKED' });
    await cancel();
    expect(entry()).toMatchObject({ state: 'CANCELLED' });
    expect(parcel()).toMatchObject({ status: 'CANCELLED' });
  });

  it.each(['BOOKED', 'CANCELLED'])('keeps none that has not left: %s', async (status) => {
    const handle = 'shp_1';
    tables.seed('Shipments', { orderId: 'ord_1', state: 'CANCELLING', handle, result: shipment });
    tables.seed('SandboxParcels', { shipmentId: handle, ...shipment, status });
    await expect(keep()).rejects.toBeInstanceOf(ShipmentNotDispatchedError);
    expect(entry()).toMatchObject({ state: 'CANCELLING' });
  });

  it('keeps none of which nothing is being undone', async () => {
    await expect(keep()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(tables.writes()).toBe(0);
  });
});
