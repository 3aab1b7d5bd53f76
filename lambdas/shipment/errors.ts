/** The carrier does not deliver there. Nothing has been booked. */
export class AddressUndeliverableError extends Error {
  override readonly name = 'AddressUndeliverableError';
  readonly reason: string;
  constructor(orderId: string, reason: string) {
    super(`order ${orderId} cannot be delivered: ${reason}`);
    this.reason = reason;
  }
}

/** The carrier could not be asked, or did not answer: the parcel may or may not have been booked. Worth a retry. */
export class CarrierUnavailableError extends Error {
  override readonly name = 'CarrierUnavailableError';
  constructor(orderId: string) {
    super(`the carrier did not answer for order ${orderId}`);
  }
}

/** The parcel has not left: it was cancelled, or can be. */
export class ShipmentNotDispatchedError extends Error {
  override readonly name = 'ShipmentNotDispatchedError';
  constructor(orderId: string) {
    super(`the parcel of order ${orderId} has not left`);
  }
}

/** The parcel is with the carrier and cannot be called back. */
export class ShipmentDispatchedError extends Error {
  override readonly name = 'ShipmentDispatchedError';
  constructor(orderId: string) {
    super(`the parcel of order ${orderId} has already left`);
  }
}

/** The carrier will not do what it was asked for, and no other attempt changes that. It has done nothing of it. */
export class CarrierRequestRefusedError extends Error {
  override readonly name = 'CarrierRequestRefusedError';
  constructor(orderId: string, why: string) {
    super(`the carrier refuses what it was asked for order ${orderId}: ${why}`);
  }
}

/** The carrier does not take the label back. It may, later. */
export class LabelRefundRefusedError extends Error {
  override readonly name = 'LabelRefundRefusedError';
  constructor(orderId: string) {
    super(`the carrier does not take back the label of order ${orderId}`);
  }
}
