/**
 * Every problem that the API tells of, by the last part of its `type`. Programs tell problems apart by it, so that a
 * name, once it is out, stays.
 */
export const PROBLEMS = {
  'not-json': { status: 400, title: 'The body is not JSON' },
  'invalid-fields': { status: 400, title: 'Some fields are not valid' },
  'items-not-for-sale': { status: 400, title: 'Some items cannot be ordered' },
  'not-from-provider': { status: 400, title: "The signature is not the provider's" },
  unauthenticated: { status: 401, title: 'Nobody vouches for the caller' },
  'not-an-operator': { status: 403, title: 'The caller is no operator' },
  'order-not-found': { status: 404, title: 'There is no such order' },
  'listener-not-found': { status: 404, title: 'There is no such listener' },
  'replay-not-found': { status: 404, title: 'There is no such replay' },
  'order-in-progress': { status: 409, title: 'The order is still being worked on' },
  'order-already-cancelled': { status: 409, title: 'The order is already cancelled' },
  'parcel-dispatched': { status: 409, title: 'The parcel has already left' },
  'order-not-parked': { status: 409, title: 'The order is not parked' },
  'order-being-resumed': { status: 409, title: 'Someone else is resuming the order' },
  'reconciliation-under-way': { status: 409, title: 'The orders are being looked at' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used before with another body' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;
export type ProblemName = keyof typeof PROBLEMS;

/**
 * A name, not an address: the API has another host in every stage, and none of them serves documents. RFC 9457 allows
 * both, and warns of addresses that resolve to nothing: https://www.rfc-editor.org/rfc/rfc9457#section-3.1.1
 */
export const typeOf = (name: ProblemName): string => `urn:order-saga:problem:${name}`;
