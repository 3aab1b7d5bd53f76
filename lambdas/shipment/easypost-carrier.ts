import type { IRate, IShipment } from '@easypost/api';
import type { EasypostPiece, EasypostSender, EasypostServices } from '../../configuration/easypost.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import type { Carrier, PreparedShipment, ShippingAddress } from './carrier.ts';
import { easypostCalls } from './easypost-calls.ts';
import { easypostParcel } from './easypost-parcel.ts';
import {
  AddressUndeliverableError,
  CarrierRequestRefusedError,
  CarrierUnavailableError,
  LabelRefundRefusedError,
  ShipmentDispatchedError,
} from './errors.ts';

export interface EasypostCarrierProps {
  /** The ARN of the secret that holds the API key. */
  readonly secret: string;
  readonly sender: EasypostSender;
  readonly piece: EasypostPiece;
  readonly services: EasypostServices;
}

/** What a tracker says before the carrier has the parcel: https://docs.easypost.com/docs/trackers */
const NOT_LEFT: readonly unknown[] = ['unknown', 'pre_transit', 'cancelled', 'error', undefined, null];
const hasLeft = ({ tracker }: IShipment): boolean => !NOT_LEFT.includes(tracker?.status);

const isBought = ({ postage_label }: IShipment): boolean => Boolean(postage_label);

/** `not_applicable`: what is billed when it is scanned costs nothing (https://docs.easypost.com/docs/shipping-refund). */
const isGivenBack = ({ refund_status }: IShipment): boolean =>
  ['submitted', 'refunded', 'not_applicable'].includes(refund_status);

const byPrice = (one: IRate, other: IRate) => Number(one.rate) - Number(other.rate);

/** The shipment, and the rate by which it is to be bought. */
const handleOf = (shipment: string, rate: string) => `${shipment}:${rate}`;
const partsOf = (handle: string) => {
  const [shipment = '', rate = ''] = handle.split(':');
  return { shipment, rate };
};

/**
 * By which rate a shipment is bought to cancel it: by another than that of its handle, so that who finds it bought can tell
 * whether it was to be sent. Where EasyPost offers one alone, it can't be told.
 */
const cancelling = (found: IShipment, rate: string): string =>
  found.rates.filter(({ id }) => id !== rate).sort(byPrice)[0]?.id ?? rate;

const addressOf = ({ line1, line2, region, postalCode, ...same }: ShippingAddress) => ({
  ...same,
  street1: line1,
  ...(line2 && { street2: line2 }),
  ...(region && { state: region }),
  zip: postalCode,
});

/**
 * Carriers by EasyPost: a shipment is made unbought, which costs nothing, and bought by its id and a rate of it. A shipment
 * is bought once, any other purchase is refused (SHIPMENT.POSTAGE.EXISTS, https://docs.easypost.com/docs/errors). None can
 * be cancelled unbought: it is bought and refunded, after which nobody can buy it.
 */
export const easypostCarrier = ({ secret, sender, piece, services }: EasypostCarrierProps): Carrier => {
  const ask = easypostCalls(secret);

  const look = ({ orderId, shipmentId }: PreparedShipment): Promise<IShipment> =>
    ask(orderId, (easypost) => easypost.Shipment.retrieve(partsOf(shipmentId).shipment));

  /** @returns undefined where it is bought already */
  const buy = ({ orderId, shipmentId }: PreparedShipment, rate: string): Promise<IShipment | undefined> =>
    ask<IShipment | undefined>(
      orderId,
      (easypost) => easypost.Shipment.buy(partsOf(shipmentId).shipment, rate),
      { 'SHIPMENT.POSTAGE.EXISTS': async () => undefined },
    );

  /** @throws ShipmentDispatchedError, LabelRefundRefusedError */
  const refund = async (prepared: PreparedShipment): Promise<void> => {
    const { orderId, shipmentId } = prepared;
    let isUnavailable = false;
    const refunded = await ask(
      orderId,
      (easypost) => easypost.Shipment.refund(partsOf(shipmentId).shipment),
      {
        // "The parcel has been shipped", or another call was first.
        'SHIPMENT.REFUND.UNAVAILABLE': () => {
          isUnavailable = true;
          return look(prepared);
        },
      },
    );
    if (isGivenBack(refunded)) return;
    if (isUnavailable || hasLeft(refunded)) throw new ShipmentDispatchedError(orderId);
    throw new LabelRefundRefusedError(orderId);
  };

  const rateOf = ({ rates }: IShipment): IRate | undefined => {
    const offered = services.flatMap(({ carrier, service }) =>
      rates.filter((rate) => rate.carrier === carrier && rate.service === service),
    );
    return offered.sort(byPrice)[0];
  };

  return {
    prepare: async ({ orderId, items, shippingAddress }) => {
      if (shippingAddress.country !== sender.country)
        throw new AddressUndeliverableError(orderId, 'it lies abroad, where customs papers are needed');
      const shipment = await ask(orderId, (easypost) =>
        easypost.Shipment.create({
          to_address: addressOf(shippingAddress),
          from_address: sender,
          parcel: easypostParcel(items, piece),
          options: { print_custom_1: orderId },
        }),
      );
      const rate = rateOf(shipment);
      if (rate) return handleOf(shipment.id, rate.id);
      // A carrier that does not answer, and one that refuses, are told alike: https://docs.easypost.com/docs/messages
      if (shipment.messages.some((message) => services.some(({ carrier }) => carrier === message.carrier)))
        throw new CarrierUnavailableError(orderId);
      throw new AddressUndeliverableError(orderId, 'none of the services goes there');
    },

    commit: async (prepared) => {
      const { orderId, shipmentId } = prepared;
      const { rate } = partsOf(shipmentId);
      const bought = (await buy(prepared, rate)) ?? (await look(prepared));
      if (!isBought(bought)) throw new CarrierUnavailableError(orderId);
      if (bought.selected_rate.id !== rate || isGivenBack(bought))
        throw new OrderAlreadyCancelledError(orderId);
      return { trackingNumber: bought.tracking_code };
    },

    undo: async (prepared) => {
      const { orderId, shipmentId } = prepared;
      const found = await look(prepared);
      if (isGivenBack(found)) return;
      if (hasLeft(found)) throw new ShipmentDispatchedError(orderId);
      if (!isBought(found)) {
        try {
          // Where another call was first, the next attempt sees what it has done.
          if (!(await buy(prepared, cancelling(found, partsOf(shipmentId).rate))))
            throw new CarrierUnavailableError(orderId);
        } catch (error) {
          // Nobody can buy it, now or later.
          if (error instanceof AddressUndeliverableError) return;
          throw error;
        }
      }
      await refund(prepared);
    },

    close: async (prepared) => {
      const { rate } = partsOf(prepared.shipmentId);
      const found = await look(prepared);
      if (isGivenBack(found)) return;
      if (isBought(found)) {
        // Not by a commit, but by a cancellation that died before the refund.
        if (found.selected_rate.id !== rate) await refund(prepared);
        return;
      }
      try {
        // Where a commit was first, its parcel is left to whoever has settled it.
        if (!(await buy(prepared, cancelling(found, rate)))) return;
      } catch (error) {
        // That the carrier sells no label is what an operator has settled here.
        if (error instanceof AddressUndeliverableError || error instanceof CarrierRequestRefusedError) return;
        throw error;
      }
      await refund(prepared);
    },

    isDispatched: async (prepared) => hasLeft(await look(prepared)),
  };
};
