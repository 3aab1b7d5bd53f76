/** A mail to a customer. The mailer looks the address up by `customerId`: no event and no order record holds one. */
export interface Mail {
  /** The event that it is about: a second mail about the same event is the same mail. */
  readonly eventId: string;
  readonly customerId: string;
  readonly subject: string;
  readonly text: string;
}

/** Port: whoever delivers mail. Idempotent by `eventId`. */
export interface Mailer {
  readonly send: (mail: Mail) => Promise<void>;
}
