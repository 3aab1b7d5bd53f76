import { type AnyRequest, type Asked, addressOf, type BodyOf } from '../api/client.ts';
import type { Refusal } from '../api/problem-details.ts';
import type { RouteKey } from '../api/routes.ts';
import { signing } from './signing.ts';

/** The API has refused (`status` 4xx) or failed (5xx), and says why in its problem details. */
export class OperatorApiError extends Error {
  override readonly name = 'OperatorApiError';
  readonly status: number;
  /** As it was answered. */
  readonly problem: Refusal;
  constructor(status: number, problem: Refusal) {
    const { detail, message, errors = [] } = problem;
    super(
      [detail ?? message ?? `HTTP ${status}`, ...errors.map((each) => `${each.field}: ${each.message}`)].join(
        '\n',
      ),
    );
    this.status = status;
    this.problem = problem;
  }
}

/** Nobody answers. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  constructor(url: string, cause: Error) {
    super(`nothing answers at ${url}: is the stack running? (${cause.message})`, { cause });
  }
}

/** The local stack, which believes any signature. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

type OperatorsRoute = Extract<RouteKey, `${string} /ops/${string}`>;

/** Those of the operator whom the local stack knows. */
const LOCAL_OPERATOR = { accessKeyId: 'local-operator', secretAccessKey: 'local' };

/** `fetch` with a token, where operators are told by their issuer. */
const withToken =
  (token: string): typeof fetch =>
  (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  };

/**
 * Asks the operators' API of a stage, by its URL.
 * @param isStage it was found as a deployed stage's: its calls are signed by the credentials that the SDK finds, wherever it
 * is, as an emulator's may be anywhere
 * @param token of an operator, in the place of a signature
 */
export const operatorApi = (url: string, isStage: boolean, token = process.env.OPERATOR_TOKEN) => {
  const isLocal = !isStage && LOOPBACK.test(new URL(url).hostname);
  const send = token ? withToken(token) : signing(url, isLocal ? LOCAL_OPERATOR : undefined);
  /** @throws OperatorApiError; UnreachableError */
  return async <Route extends OperatorsRoute>(
    route: Route,
    ...[request]: Asked<Route>
  ): Promise<BodyOf<Route>> => {
    const asked = (request ?? {}) as AnyRequest;
    const { body } = asked;
    const { method, path } = addressOf(route, asked);
    const content = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    // Behind the address, which may have a path of its own.
    const response = await send(`${url.replace(/\/$/, '')}${path}`, { method, ...content }).catch(
      (error: Error) => {
        throw new UnreachableError(url, error);
      },
    );
    const answer = (await response.json().catch(() => ({}))) as BodyOf<Route> & Refusal;
    if (response.ok) return answer;
    throw new OperatorApiError(response.status, answer);
  };
};
export type OperatorApi = ReturnType<typeof operatorApi>;
