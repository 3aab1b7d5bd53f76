import type { Letter } from './letter.ts';

/** A letter about an order's event, and where it goes. */
export interface Mail extends Letter {
  /** The event that it is about. */
  readonly eventId: string;
  readonly orderId: string;
  readonly correlationId: string;
  /** One e-mail address. */
  readonly to: string;
}

/**
 * Port: whoever delivers mail. The message of an error is logged, and lies with the dead letters, where nothing can be
 * erased: it must not quote the address or the letter.
 */
export interface Mailer {
  /**
   * Hands the mail over. What becomes of it then is not waited for, and a repeat may send it a second time.
   * @throws MailerUnavailableError where another attempt may help, MailRefusedError where none will
   */
  readonly send: (mail: Mail) => Promise<void>;
}
