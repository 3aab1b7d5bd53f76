import easypostModule from '@easypost/api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningEasypost, startEasypost } from '../../../local/easypost/easypost.ts';

// Its types are those of its CommonJS file, where the client is the member `default`; here it is the default itself.
const EasyPost = easypostModule as unknown as typeof easypostModule.default;

const ADDRESS = { name: 'Ada', street1: 'Weg 1', city: 'Berlin', zip: '10115', country: 'DE' };
const SHIPMENT = {
  to_address: ADDRESS,
  from_address: { ...ADDRESS, name: 'Shop' },
  parcel: { weight: 14.2, length: 5, width: 5, height: 4 },
  options: { print_custom_1: 'ord_1' },
};

let double: RunningEasypost;
/** The official client, as live code makes one. */
const clientWith = (key = 'EZTK_local') => new EasyPost(key, { baseUrl: `${double.url}/v2/` });
beforeAll(async () => {
  double = await startEasypost();
});
afterAll(() => double.close());

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ statusCode, code }) => [statusCode, code],
  );

describe('the double of EasyPost', () => {
  it('answers as its recorded answers are: https://github.com/EasyPost/easypost-node, test/cassettes', async () => {
    const { Shipment } = clientWith();
    const made = await Shipment.create(SHIPMENT);
    expect(made).toMatchObject({
      object: 'Shipment',
      id: expect.stringMatching(/^shp_[0-9a-f]{32}$/),
      postage_label: null,
      selected_rate: null,
      tracking_code: null,
      refund_status: null,
      messages: [],
    });
    const [rate] = made.rates;
    expect(rate).toMatchObject({ object: 'Rate', carrier: 'USPS', shipment_id: made.id, rate: '33.10' });
    const bought = await Shipment.buy(made.id, rate?.id ?? '');
    expect(bought).toMatchObject({ selected_rate: { id: rate?.id }, tracker: { status: 'pre_transit' } });
    expect(bought.tracking_code).toMatch(/^94/);
    expect(await Shipment.refund(made.id)).toMatchObject({ refund_status: 'submitted' });
  });

  it('sells a shipment once, to whoever comes first, by whichever rate', async () => {
    const { Shipment } = clientWith();
    const { id, rates } = await Shipment.create(SHIPMENT);
    const asked = rates.map((rate) => refusalOf(Shipment.buy(id, rate.id)));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
    for (const answer of answers.filter(Boolean))
      expect(answer).toEqual([
        422,
        expect.stringMatching(/^SHIPMENT\.(POSTAGE\.EXISTS|PURCHASE\.IN_PROGRESS)$/),
      ]);
    await Shipment.refund(id);
    expect(await refusalOf(Shipment.buy(id, rates[0]?.id ?? ''))).toEqual([422, 'SHIPMENT.POSTAGE.EXISTS']);
  });

  it('takes back neither what was not sold, nor what has left, nor anything twice', async () => {
    const { Shipment } = clientWith();
    const { id, rates } = await Shipment.create(SHIPMENT);
    expect(await refusalOf(Shipment.refund(id))).toEqual([422, 'SHIPMENT.POSTAGE.REQUIRED']);
    await Shipment.buy(id, rates[0]?.id ?? '');
    double.leave(id);
    expect(await refusalOf(Shipment.refund(id))).toEqual([422, 'SHIPMENT.REFUND.UNAVAILABLE']);
    const other = await Shipment.create(SHIPMENT);
    await Shipment.buy(other.id, other.rates[0]?.id ?? '');
    await Shipment.refund(other.id);
    expect(await refusalOf(Shipment.refund(other.id))).toEqual([422, 'SHIPMENT.REFUND.UNAVAILABLE']);
  });

  it('refuses whom it does not know, and what it does not', async () => {
    const { Shipment } = clientWith();
    expect(await refusalOf(clientWith('EZTK_other').Shipment.create(SHIPMENT))).toEqual([
      401,
      'UNAUTHORIZED',
    ]);
    expect(await refusalOf(Shipment.retrieve('shp_unheard_of'))).toEqual([404, 'NOT_FOUND']);
    const colourful = { ...SHIPMENT, colour: 'red' } as typeof SHIPMENT;
    expect(await refusalOf(Shipment.create(colourful))).toEqual([422, 'SHIPMENT.INVALID_PARAMS']);
    const exact = { ...SHIPMENT, parcel: { ...SHIPMENT.parcel, weight: 14.25 } };
    expect(await refusalOf(Shipment.create(exact))).toEqual([422, 'SHIPMENT.INVALID_PARAMS']);
    const { id } = await Shipment.create(SHIPMENT);
    expect(await refusalOf(Shipment.buy(id, 'rate_other'))).toEqual([422, 'SHIPMENT.MISSING_RATE']);
  });
});
