import { audienceOf } from '../api/audience.ts';
import { type AnyRequest, type Asked, addressOf, type BodyOf } from '../api/client.ts';
import type { Refusal } from '../api/problem-details.ts';
import type { RouteKey } from '../api/routes.ts';

/** What the API said no to, in its own words. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

const inWords = ({ detail, message, errors = [] }: Refusal): string =>
  [detail ?? message ?? 'refused', ...errors.map((each) => `${each.field} ${each.message}`)].join('; ');

/** By which the page calls as a customer; the local stack signs it in. */
let signedIn: Promise<string> | undefined;
const signIn = async (): Promise<string> => {
  const { authorization } = (await (await fetch('/dev/sign-in')).json()) as { authorization: string };
  return authorization;
};

const request = async (method: string, path: string, body?: unknown): Promise<Response> => {
  signedIn ??= signIn();
  const authorization = await signedIn.catch((error: Error) => {
    signedIn = undefined;
    throw error;
  });
  // The operators' API is another origin: the local stack hands on what is asked of it below `/dev`.
  return fetch(audienceOf(path) === 'operators' ? `/dev${path}` : path, {
    method,
    headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
};

const call = async (method: string, path: string, body?: unknown): Promise<string | undefined> => {
  let response = await request(method, path, body);
  // The token has run out, or is of a stack that was started before this one.
  if (response.status === 401) {
    signedIn = undefined;
    response = await request(method, path, body);
  }
  const text = await response.text();
  if (response.status === 404) return undefined;
  if (!response.ok) throw new RefusedError(inWords(JSON.parse(text)));
  return text;
};

const answers = new Map<string, { readonly text: string; readonly value: unknown }>();

/**
 * What a path answers; undefined where there is nothing. The same value again where nothing has changed.
 * @throws RefusedError, TypeError where the server cannot be reached
 */
export const get = async <T>(path: string): Promise<T | undefined> => {
  const text = await call('GET', path);
  if (text === undefined) return undefined;
  const known = answers.get(path);
  if (known?.text === text) return known.value as T;
  const value = JSON.parse(text) as T;
  answers.set(path, { text, value });
  return value;
};

/** @throws RefusedError, also where there is no such route; TypeError where the server cannot be reached */
export const send = async <T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> => {
  const text = await call(method, path, body);
  if (text === undefined) throw new RefusedError(`there is no ${path}`);
  return (text ? JSON.parse(text) : {}) as T;
};

/**
 * What a route of the API answers; undefined where there is nothing. The same value again where nothing has changed.
 * @throws RefusedError, TypeError where the server cannot be reached
 */
export const ask = <Route extends Extract<RouteKey, `GET ${string}`>>(
  route: Route,
  ...[request]: Asked<Route>
): Promise<BodyOf<Route> | undefined> => get(addressOf(route, (request ?? {}) as AnyRequest).path);

/** Has a route of the API do something. @throws RefusedError; TypeError where the server cannot be reached */
export const tell = <Route extends Extract<RouteKey, `POST ${string}`>>(
  route: Route,
  ...[request]: Asked<Route>
): Promise<BodyOf<Route>> => {
  const given = (request ?? {}) as AnyRequest;
  return send('POST', addressOf(route, given).path, given.body);
};
