import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../lambdas/shipment/check-shipment.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const order = { orderId: 'ord_1', correlationId: 'corr-1' };
const check = (input: object = order) => handler(input, lambdaContext);

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Shipments: 'orderId', SandboxParcels: 'shipmentId' });
});

describe('check-shipment', () => {
  it.each([
    ['BOOKED', false],
    ['CANCELLED', false],
    ['DISPATCHED', true],
  ])('tells of a parcel that is %s whether it has left: %s', async (status, isDispatched) => {
    tables.seed('Shipments', { orderId: 'ord_1', state: 'CREATED', handle: 'shp_1' });
    tables.seed('SandboxParcels', { shipmentId: 'shp_1', status });
    await expect(check()).resolves.toEqual({ isDispatched });
  });

  it('tells that no parcel has not left', async () => {
    await expect(check()).resolves.toEqual({ isDispatched: false });
  });

  it.each(['VOIDED', 'REFUSED'])(
    'tells of %s, of which the carrier has nothing, that it has not left',
    async (state) => {
      tables.seed('Shipments', { orderId: 'ord_1', state });
      await expect(check()).resolves.toEqual({ isDispatched: false });
    },
  );

  it('changes nothing', async () => {
    await check();
    expect(tables.writes()).toBe(0);
  });

  it('refuses to look for no order', async () => {
    await expect(check({ correlationId: 'corr-1' })).rejects.toThrow('invalid input: orderId: ');
  });
});
