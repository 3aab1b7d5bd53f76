/** The mailer could not be asked, did not answer, or takes no more for now: the mail may or may not have gone. Worth a retry. */
export class MailerUnavailableError extends Error {
  override readonly name = 'MailerUnavailableError';
  constructor(orderId: string, why: string) {
    super(`the mailer cannot be told of order ${orderId}: ${why}`);
  }
}

/** The mailer will not send the mail, and no other attempt changes that as long as nobody mends what is wrong. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';
  constructor(orderId: string, why: string) {
    super(`the mailer refuses the mail about order ${orderId}: ${why}`);
  }
}
