/** An error as Stripe's API answers it (https://docs.stripe.com/api/errors). */
export class StripeError extends Error {
  readonly status: number;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };
  constructor(status: number, error: Readonly<Record<string, unknown>> & { readonly message: string }) {
    super(error.message);
    this.status = status;
    this.body = { error };
  }
}

/** @param more `code` (https://docs.stripe.com/error-codes), `param`, or what it is about */
export const invalidRequest = (
  message: string,
  more: Readonly<Record<string, unknown>> = {},
  status = 400,
): StripeError => new StripeError(status, { type: 'invalid_request_error', message, ...more });

/** 404 where the path names it; a parameter that names what there is not is an invalid parameter, 400. */
export const missing = (what: string, id: string, param: string, status: 400 | 404): StripeError =>
  invalidRequest(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, status);
