/** An answer in the form of https://docs.easypost.com/docs/errors. */
export class EasypostError extends Error {
  readonly status: number;
  readonly body: object;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.body = { error: { code, message, errors: [] } };
  }
}
