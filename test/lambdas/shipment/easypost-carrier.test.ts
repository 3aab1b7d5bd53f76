import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { easypostCarrier } from '../../../lambdas/shipment/easypost-carrier.ts';
import { askDoubles } from '../../../local/ask-doubles.ts';
import { type EasypostFault, type RunningEasypost, startEasypost } from '../../../local/easypost/easypost.ts';
import { carrierContract } from '../../adapters/carrier.ts';
import { secretsInMemory } from '../secrets-in-memory.ts';

const secrets = secretsInMemory();
const newSecret = (key = 'EZTK_local') => secrets.made(key);

let easypost: RunningEasypost;
let askEasypost: () => void;
beforeEach(async () => {
  easypost = await startEasypost({ keys: ['EZTK_local', 'EZTK_rotated'] });
  askEasypost = askDoubles({ 'api.easypost.com': easypost.url });
});
afterEach(() => {
  askEasypost();
  return easypost.close();
});

const GROUND = { carrier: 'USPS', service: 'GroundAdvantage' };
const open = ({ secret = newSecret(), services = [GROUND] } = {}) =>
  easypostCarrier({
    secret,
    sender: { company: 'Shop', street1: 'Lager 1', city: 'Bremen', zip: '28195', country: 'DE' },
    piece: { grams: 400, length: 12, width: 12, height: 10 },
    services,
  });
const request = {
  orderId: 'ord_1',
  items: [
    { sku: 'MUG', quantity: 2 },
    { sku: 'TEAPOT', quantity: 1 },
  ],
  shippingAddress: { name: 'Ada', line1: 'Weg 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
};
const preparedBy = async (carrier: ReturnType<typeof open>, address = {}) => ({
  orderId: 'ord_1',
  shipmentId: await carrier.prepare({
    ...request,
    shippingAddress: { ...request.shippingAddress, ...address },
  }),
});
const only = () => {
  const [parcel, ...others] = easypost.parcels();
  if (!parcel || others.length > 0) throw new Error('there is not one parcel');
  return parcel;
};

carrierContract('easypost', () => ({
  carrier: open(),
  books: () => easypost.parcels(),
  delivered: '10115',
  undeliverable: '00000',
  leave: () => easypost.leave(only().shipmentId),
}));

describe('the adapter of EasyPost', () => {
  it('buys the cheapest of its services, of a parcel as large and heavy as its pieces', async () => {
    const services = [{ ...GROUND, service: 'Priority' }, GROUND, { carrier: 'UPS', service: 'Ground' }];
    const carrier = open({ services });
    const prepared = await preparedBy(carrier);
    await carrier.commit(prepared);
    const shipment = easypost.retrieve(only().shipmentId);
    expect(shipment).toMatchObject({
      selected_rate: GROUND,
      // 3 pieces of 400 g are 42.33 ounces; 30 cm are 11.81 inches.
      parcel: { weight: 42.4, length: 4.8, width: 4.8, height: 11.9 },
      to_address: { name: 'Ada', street1: 'Weg 1', city: 'Berlin', zip: '10115', country: 'DE' },
      from_address: { company: 'Shop' },
      options: { print_custom_1: 'ord_1' },
    });
    expect(prepared.shipmentId).toBe(`${shipment.id}:${shipment.selected_rate?.id}`);
  });

  it('takes abroad for undeliverable, as that needs customs papers, and asks nobody', async () => {
    await expect(preparedBy(open(), { country: 'CH' })).rejects.toMatchObject({
      name: 'AddressUndeliverableError',
      reason: 'it lies abroad, where customs papers are needed',
    });
    expect(easypost.parcels()).toEqual([]);
  });

  it('takes a carrier that offers no rate and says why for one that did not answer', async () => {
    await expect(preparedBy(open(), { postalCode: '99999' })).rejects.toMatchObject({
      name: 'CarrierUnavailableError',
    });
  });

  it('names an address that is refused when it is to be bought, and undoes it as what can never be', async () => {
    const carrier = open();
    const prepared = await preparedBy(carrier, { postalCode: '66666' });
    await expect(carrier.commit(prepared)).rejects.toMatchObject({
      name: 'AddressUndeliverableError',
      reason: 'refused as ADDRESS.VERIFY.FAILURE',
      message: expect.not.stringContaining('66666'),
    });
    await carrier.undo(prepared);
    await carrier.close(prepared);
    expect(only()).toMatchObject({ status: 'PREPARED', bought: 0 });
  });

  it('leaves a label that is sold to nobody to a person, and believes what they have settled', async () => {
    const carrier = open();
    const prepared = await preparedBy(carrier, { postalCode: '55555' });
    const refused = {
      name: 'CarrierRequestRefusedError',
      message: 'the carrier refuses what it was asked for order ord_1: SHIPMENT.POSTAGE.FAILURE',
    };
    await expect(carrier.commit(prepared)).rejects.toMatchObject(refused);
    await expect(carrier.undo(prepared)).rejects.toMatchObject(refused);
    await carrier.close(prepared);
    expect(only()).toMatchObject({ status: 'PREPARED', bought: 0 });
  });

  it('says that a label is not taken back, and asks again', async () => {
    const carrier = open();
    const prepared = await preparedBy(carrier, { postalCode: '77777' });
    await carrier.commit(prepared);
    await expect(carrier.undo(prepared)).rejects.toMatchObject({ name: 'LabelRefundRefusedError' });
    await carrier.undo(prepared);
    expect(only()).toMatchObject({ status: 'CANCELLED', bought: 1, refunded: 1 });
  });

  it.each<EasypostFault>(['rate-limit', 'unavailable', 'no-response', 'lost'])(
    'takes %s for what another attempt may settle, and settles it by the handle',
    async (fault) => {
      const carrier = open();
      const unavailable = { name: 'CarrierUnavailableError' };
      easypost.fail(fault === 'no-response' ? 'lost' : fault, 'create');
      await expect(preparedBy(carrier)).rejects.toMatchObject(unavailable);
      const prepared = await preparedBy(carrier);
      easypost.fail(fault, 'buy');
      await expect(carrier.commit(prepared)).rejects.toMatchObject(unavailable);
      const booked = await carrier.commit(prepared);
      await expect(carrier.commit(prepared)).resolves.toEqual(booked);
      for (const call of ['retrieve', 'refund']) {
        easypost.fail(fault, call);
        await expect(carrier.undo(prepared)).rejects.toMatchObject(unavailable);
      }
      await carrier.undo(prepared);
      expect(easypost.parcels().at(-1)).toMatchObject({ status: 'CANCELLED', bought: 1, refunded: 1 });
    },
  );

  it('waits for no answer longer than its function may take', async () => {
    const carrier = open();
    const prepared = await preparedBy(carrier);
    easypost.fail('silent', 'buy');
    await expect(carrier.commit(prepared)).rejects.toMatchObject({ name: 'CarrierUnavailableError' });
    await expect(carrier.commit(prepared)).resolves.toEqual({ trackingNumber: only().trackingNumber });
  });

  it.each(['undo', 'close'] as const)(
    'gives back what its own %s has bought, and did not live to give back',
    async (end) => {
      const carrier = open();
      const prepared = await preparedBy(carrier);
      easypost.fail('rate-limit', 'refund');
      await expect(carrier[end](prepared)).rejects.toMatchObject({ name: 'CarrierUnavailableError' });
      expect(only()).toMatchObject({ status: 'BOOKED', bought: 1, refunded: 0 });
      await expect(carrier.commit(prepared)).rejects.toMatchObject({ name: 'OrderAlreadyCancelledError' });
      await carrier[end](prepared);
      expect(only()).toMatchObject({ status: 'CANCELLED', bought: 1, refunded: 1 });
    },
  );

  it('asks for its key once in minutes, and anew where EasyPost takes it no more', async () => {
    const secret = newSecret('EZTK_revoked');
    const carrier = open({ secret });
    await expect(preparedBy(carrier)).rejects.toMatchObject({ name: 'CarrierUnavailableError' });
    secrets.put(secret, 'EZTK_rotated');
    await preparedBy(carrier);
    await preparedBy(carrier);
    expect(secrets.asked(secret)).toBe(2);
  });

  it('names what EasyPost refuses for good', async () => {
    const shipmentId = `shp_${'0'.repeat(32)}:rate_1`;
    await expect(open().commit({ orderId: 'ord_1', shipmentId })).rejects.toMatchObject({
      name: 'CarrierRequestRefusedError',
      message: expect.stringContaining('NOT_FOUND'),
    });
  });
});
