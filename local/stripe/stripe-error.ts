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

/** Where Stripe's API is. */
export const STRIPE_HOST = 'api.stripe.com';

/** https://docs.stripe.com/error-codes#rate-limit */
export const RATE_LIMITED = new StripeError(429, {
  type: 'invalid_request_error',
  code: 'rate_limit',
  message:
    'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
});
/** A restricted key (https://docs.stripe.com/keys#limit-access). */
const NOT_PERMITTED = new StripeError(403, {
  type: 'invalid_request_error',
  message: 'The provided key does not have the required permissions for this endpoint.',
});

/** A request that Stripe refuses before it looks at it: for good, or for now. */
export const stripeRefusal = (how: 'refused' | 'throttled') => {
  const { status, body } = how === 'refused' ? NOT_PERMITTED : RATE_LIMITED;
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
};

/** 404 where the path names it; a parameter that names what there is not is an invalid parameter, 400. */
export const missing = (what: string, id: string, param: string, status: 400 | 404): StripeError =>
  invalidRequest(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, status);
