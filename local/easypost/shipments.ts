import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { EasypostError } from './easypost-error.ts';

/** What comes of a parcel to such a postal code, after the sandbox carrier's; to any other it is delivered. */
const BY_ZIP = {
  noService: '00000',
  labelRefused: '55555',
  addressRefused: '66666',
  refundRefusedOnce: '77777',
  /** As soon as somebody looks for it. */
  leavesAtOnce: '88888',
  carrierSilent: '99999',
} as const;

const text = z.string().min(1);
const Address = z.strictObject({
  name: text.optional(),
  company: text.optional(),
  street1: text,
  street2: text.optional(),
  city: text,
  state: text.optional(),
  zip: text,
  country: z.string().regex(/^[A-Z]{2}$/),
  phone: text.optional(),
  email: text.optional(),
});
/** "Weights are in OUNCES (OZ) and go to one decimal point": https://docs.easypost.com/docs/parcels */
const amount = z
  .number()
  .positive()
  .refine((asked) => Math.abs(asked * 10 - Math.round(asked * 10)) < 1e-6);
const NewShipment = z.strictObject({
  shipment: z.strictObject({
    to_address: Address,
    from_address: Address,
    parcel: z.strictObject({ weight: amount, length: amount, width: amount, height: amount }),
    options: z.strictObject({ print_custom_1: text }).optional(),
  }),
});
const Purchase = z.strictObject({ rate: z.strictObject({ id: text }) });
const Nothing = z.strictObject({});

const asked = <Model extends z.ZodType>(model: Model, body: unknown): z.output<Model> => {
  const { data, error } = model.safeParse(body);
  if (error)
    throw new EasypostError(
      422,
      'SHIPMENT.INVALID_PARAMS',
      `Unable to create shipment, one or more parameters were invalid: ${error.issues.map(({ path }) => path.join('.'))}`,
    );
  return data as z.output<Model>;
};

export const newId = (prefix: string) => `${prefix}_${randomBytes(16).toString('hex')}`;

const RATES = [
  { carrier: 'USPS', service: 'Express', rate: '33.10' },
  { carrier: 'USPS', service: 'Priority', rate: '7.90' },
  { carrier: 'USPS', service: 'GroundAdvantage', rate: '5.93' },
];

interface Rate {
  readonly id: string;
  readonly carrier: string;
  readonly service: string;
  readonly rate: string;
}
interface Shipment {
  readonly id: string;
  readonly to_address: z.infer<typeof Address>;
  readonly options: { readonly print_custom_1?: string };
  readonly rates: readonly Rate[];
  readonly messages: readonly object[];
  selected_rate: Rate | null;
  postage_label: object | null;
  tracking_code: string | null;
  tracker: { readonly object: 'Tracker'; status: string } | null;
  refund_status: 'submitted' | 'rejected' | null;
  [more: string]: unknown;
}

/** What a parcel has come to, in the words of the sandbox's book. */
export interface BookedParcel {
  readonly shipmentId: string;
  /** As its label has it. */
  readonly orderId: string | undefined;
  readonly status: 'PREPARED' | 'BOOKED' | 'DISPATCHED' | 'CANCELLED';
  readonly trackingNumber: string | null;
  /** How many labels were paid for, and how many of these given back. */
  readonly bought: number;
  readonly refunded: number;
}

const statusOf = ({ postage_label, refund_status, tracker }: Shipment): BookedParcel['status'] => {
  if (!postage_label) return 'PREPARED';
  if (refund_status === 'submitted') return 'CANCELLED';
  return tracker?.status === 'in_transit' ? 'DISPATCHED' : 'BOOKED';
};

/** The shipments of an account. What is not known here is refused. */
export const shipments = () => {
  const all = new Map<string, Shipment>();
  const underWay = new Set<string>();

  const found = (id: string): Shipment => {
    const shipment = all.get(id);
    if (shipment) return shipment;
    throw new EasypostError(404, 'NOT_FOUND', 'The requested resource could not be found.');
  };

  const leave = ({ id, tracker }: Shipment): void => {
    if (!tracker) throw new Error(`${id} was not bought`);
    tracker.status = 'in_transit';
  };

  return {
    /** https://docs.easypost.com/docs/shipments#create-a-shipment */
    create: (body: unknown): Shipment => {
      const { shipment: wanted } = asked(NewShipment, body);
      const { zip } = wanted.to_address;
      const isRated = zip !== BY_ZIP.noService && zip !== BY_ZIP.carrierSilent;
      const id = newId('shp');
      const shipment: Shipment = {
        object: 'Shipment',
        mode: 'test',
        created_at: new Date().toISOString(),
        status: 'unknown',
        customs_info: null,
        ...wanted,
        options: wanted.options ?? {},
        id,
        rates: isRated
          ? RATES.map((rate) => ({
              object: 'Rate',
              id: newId('rate'),
              currency: 'USD',
              shipment_id: id,
              ...rate,
            }))
          : [],
        // "comes directly from the carrier": https://docs.easypost.com/docs/messages
        messages:
          zip === BY_ZIP.carrierSilent
            ? [{ carrier: 'USPS', type: 'rate_error', message: 'Service availability unknown.' }]
            : [],
        selected_rate: null,
        postage_label: null,
        tracking_code: null,
        tracker: null,
        refund_status: null,
      };
      all.set(id, shipment);
      return shipment;
    },

    retrieve: (id: string): Shipment => {
      const shipment = found(id);
      if (shipment.to_address.zip === BY_ZIP.leavesAtOnce && statusOf(shipment) === 'BOOKED') leave(shipment);
      return shipment;
    },

    /**
     * Once: https://docs.easypost.com/docs/shipments#buy-a-shipment
     * @throws EasypostError SHIPMENT.POSTAGE.EXISTS, SHIPMENT.PURCHASE.IN_PROGRESS
     */
    buy: async (id: string, body: unknown): Promise<Shipment> => {
      const { rate } = asked(Purchase, body);
      const shipment = found(id);
      const { zip } = shipment.to_address;
      if (shipment.postage_label)
        throw new EasypostError(422, 'SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.');
      if (underWay.has(id))
        throw new EasypostError(422, 'SHIPMENT.PURCHASE.IN_PROGRESS', 'The shipment is being purchased.');
      const selected = shipment.rates.find((each) => each.id === rate.id);
      if (!selected) throw new EasypostError(422, 'SHIPMENT.MISSING_RATE', 'The rate is no longer valid.');
      if (zip === BY_ZIP.addressRefused)
        throw new EasypostError(422, 'ADDRESS.VERIFY.FAILURE', `Unable to verify address ${zip}.`);
      if (zip === BY_ZIP.labelRefused)
        throw new EasypostError(422, 'SHIPMENT.POSTAGE.FAILURE', `No label is sold to ${zip}.`);
      underWay.add(id);
      // The carrier is asked.
      await new Promise((answered) => setImmediate(answered));
      underWay.delete(id);
      shipment.selected_rate = selected;
      shipment.postage_label = { object: 'PostageLabel', id: newId('pl') };
      shipment.tracking_code = `94${randomBytes(10).toString('hex').replace(/\D/g, '0')}`;
      shipment.tracker = { object: 'Tracker', status: 'pre_transit' };
      return shipment;
    },

    /**
     * https://docs.easypost.com/docs/shipping-refund. What becomes of the refund of what is refunded already is written
     * nowhere: it is refused here.
     * @throws EasypostError SHIPMENT.REFUND.UNAVAILABLE
     */
    refund: (id: string, body: unknown): Shipment => {
      asked(Nothing, body);
      const shipment = found(id);
      if (!shipment.postage_label)
        throw new EasypostError(422, 'SHIPMENT.POSTAGE.REQUIRED', 'There is no postage to refund.');
      if (shipment.refund_status === 'submitted' || shipment.tracker?.status === 'in_transit')
        throw new EasypostError(
          422,
          'SHIPMENT.REFUND.UNAVAILABLE',
          'Unable to request refund. The parcel has been shipped.',
        );
      const isRefused =
        shipment.to_address.zip === BY_ZIP.refundRefusedOnce && shipment.refund_status === null;
      shipment.refund_status = isRefused ? 'rejected' : 'submitted';
      return shipment;
    },

    /** The carrier has the parcel now. */
    leave: (id: string): void => leave(found(id)),
    parcels: (): BookedParcel[] =>
      [...all.values()].map((shipment) => ({
        shipmentId: shipment.id,
        orderId: shipment.options.print_custom_1,
        status: statusOf(shipment),
        trackingNumber: shipment.tracking_code,
        bought: Number(Boolean(shipment.postage_label)),
        refunded: Number(shipment.refund_status === 'submitted'),
      })),
  };
};
