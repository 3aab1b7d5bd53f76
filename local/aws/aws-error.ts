/** An error as an AWS service answers it: `__type` is what the SDK makes the exception's name of. */
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

/** A call that the real service would serve and this one does not: said by name, never silently skipped. */
export const notEmulated = (what: string) =>
  new AwsError('NotEmulated', `${what} is not emulated locally`, {}, 501);
