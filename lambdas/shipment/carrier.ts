import * as z from 'zod';

/** Where the parcel goes. The carrier is told; the shipment service does not keep it. */
export const ShippingAddress = z.object({
  name: z.string().min(1),
  line1: z.string().min(1),
  line2: z.string().min(1).optional(),
  city: z.string().min(1),
  region: z.string().min(1).optional(),
  postalCode: z.string().min(1),
  country: z.string().length(2),
});
export type ShippingAddress = z.infer<typeof ShippingAddress>;

/** What the carrier calls a parcel that it has accepted. */
export interface Shipment {
  readonly trackingNumber: string;
}

export interface ShipmentRequest {
  readonly orderId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly shippingAddress: ShippingAddress;
}

/** A parcel that was prepared: nobody carries it as long as it is not committed. */
export interface PreparedShipment {
  readonly orderId: string;
  readonly shipmentId: string;
}

/**
 * Port: whoever carries the goods. Every call may be repeated, at any time, in any order. The message of an error is
 * logged, and kept in the ledger and in the execution's history, where nothing can be erased: it must not quote the
 * address.
 */
export interface Carrier {
  /**
   * Prepares a parcel, each time another one.
   * @returns its `shipmentId`
   * @throws AddressUndeliverableError, CarrierUnavailableError, CarrierRequestRefusedError
   */
  readonly prepare: (request: ShipmentRequest) => Promise<string>;
  /**
   * Books what was prepared, once; a repeat returns that booking.
   * @throws AddressUndeliverableError, CarrierUnavailableError, CarrierRequestRefusedError, OrderAlreadyCancelledError once
   * it is undone or closed
   */
  readonly commit: (prepared: PreparedShipment) => Promise<Shipment>;
  /**
   * Cancels what was prepared or booked: it won't be carried, now or later.
   * @throws ShipmentDispatchedError, CarrierUnavailableError, CarrierRequestRefusedError, LabelRefundRefusedError
   */
  readonly undo: (prepared: PreparedShipment) => Promise<void>;
  /**
   * Cancels what was prepared; where it was booked, leaves it to whoever has settled it by hand.
   * @throws CarrierUnavailableError, LabelRefundRefusedError
   */
  readonly close: (prepared: PreparedShipment) => Promise<void>;
  /** Whether the parcel has left: from then on it cannot be cancelled. */
  readonly isDispatched: (prepared: PreparedShipment) => Promise<boolean>;
}
