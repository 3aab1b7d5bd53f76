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

/** What the carrier calls a parcel that it has accepted. */
export interface Shipment {
  readonly trackingNumber: string;
}

export interface ShipmentRequest {
  readonly orderId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly shippingAddress: z.infer<typeof ShippingAddress>;
}

/**
 * Port: whoever carries the goods. Every call may be repeated, at any time, in any order. The message of an error is
 * logged, and kept in the ledger and in the execution's history, where nothing can be erased: it must not quote the
 * address.
 */
export interface Carrier {
  /**
   * Books a parcel, once per order (its reference); a repeat returns the first booking.
   * @throws AddressUndeliverableError, CarrierUnavailableError, OrderAlreadyCancelledError once cancelled
   */
  readonly create: (request: ShipmentRequest) => Promise<Shipment>;
  /**
   * Cancels the booking and closes the reference: a booking that is still under way will be refused. It succeeds also
   * where nothing was booked, or where the reference is closed already.
   * @throws ShipmentDispatchedError
   */
  readonly cancel: (orderId: string) => Promise<void>;
  /** Closes the reference and leaves a booking as it is: it has been settled by hand. */
  readonly close: (orderId: string) => Promise<void>;
  /** Whether the order's parcel has left: from then on it cannot be cancelled. */
  readonly isDispatched: (orderId: string) => Promise<boolean>;
}
