/** An error as an AWS service answers it: the SDK names the exception after `__type`. */
export class AwsError extends Error {
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
  constructor(type: string, message: string, more: Readonly<Record<string, unknown>> = {}, status = 400) {
    super(message);
    this.name = type;
    this.body = { __type: type, message, ...more };
    this.status = status;
  }
}

/** A call that the real service would serve and this one does not: refused by name, never skipped silently. */
export const notEmulated = (what: string) =>
  new AwsError('NotEmulated', `${what} is not emulated locally`, {}, 501);
