import * as z from 'zod';

/** Where the parcel goes: told to the carrier, and kept by nothing of the shipment service. */
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
 * Port: whoever carries the goods. Every call may be repeated at will, at any time, in any order. What an error says is
 * logged, and lies in the ledger and the execution's history, where nothing can be erased: it quotes nothing of the address.
 */
export interface Carrier {
  /**
   * Books a parcel, once per order (its reference); a repeat returns the first booking.
   * @throws AddressUndeliverableError, CarrierUnavailableError, OrderAlreadyCancelledError once cancelled
   */
  readonly create: (request: ShipmentRequest) => Promise<Shipment>;
  /**
   * Cancels the booking and closes the reference: a booking still on its way will be refused. Nothing booked is success,
   * and so is a reference that is closed already.
   * @throws ShipmentDispatchedError
   */
  readonly cancel: (orderId: string) => Promise<void>;
  /** Closes the reference and leaves a booking as it is: it has been settled by hand. */
  readonly close: (orderId: string) => Promise<void>;
  /** Whether the order's parcel has left: from then on it cannot be cancelled. */
  readonly isDispatched: (orderId: string) => Promise<boolean>;
}
