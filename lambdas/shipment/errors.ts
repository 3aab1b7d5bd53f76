/** The carrier does not deliver there. Nothing has been booked. */
export class AddressUndeliverableError extends Error {
  override readonly name = 'AddressUndeliverableError';
  readonly reason: string;
  constructor(orderId: string, reason: string) {
    super(`order ${orderId} cannot be delivered: ${reason}`);
    this.reason = reason;
  }
}
