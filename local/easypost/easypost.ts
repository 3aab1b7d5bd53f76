import { type HttpRequest, type HttpResponse, serveHttp } from '../http.ts';
import { EasypostError } from './easypost-error.ts';
import { shipments } from './shipments.ts';

export interface EasypostProps {
  /** The keys that it takes; all are of one account. */
  readonly keys?: readonly string[];
}

/**
 * What can go wrong with a call:
 *
 *   rate-limit   429, before anything is done
 *   unavailable  503 by a gateway, whose answer is a page
 *   no-response  the carrier was asked, and EasyPost does not know what it has done: it has done it
 *   lost         the connection ends after all is done
 *   silent       all is done, and no answer ever comes
 */
export type EasypostFault = 'rate-limit' | 'unavailable' | 'no-response' | 'lost' | 'silent';

const RATE_LIMITED = new EasypostError(429, 'RATE_LIMITED', 'Too many requests.');
const NO_RESPONSE = new EasypostError(
  422,
  'SHIPMENT.POSTAGE.NO_RESPONSE',
  'The carrier did not respond in time.',
);

const jsonIn = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new EasypostError(400, 'BAD_REQUEST', 'The body is not JSON.');
  }
};

/**
 * A double of EasyPost: shipments are made, bought once and refunded, as EasyPost's documentation has it. What it does not
 * know it refuses.
 */
export const easypostDouble = ({ keys = ['EZTK_local'] }: EasypostProps = {}) => {
  const account = shipments();
  const planned: { readonly fault: EasypostFault; readonly on: string }[] = [];

  /** The API key is the user of Basic authentication: https://docs.easypost.com/docs/authentication */
  const checkKey = ({ headers }: HttpRequest): void => {
    const [, encoded = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
    const [key = ''] = Buffer.from(encoded, 'base64').toString().split(':');
    if (!keys.includes(key))
      throw new EasypostError(401, 'UNAUTHORIZED', 'The API key is missing, or is none.');
  };

  const operationOf = ({ method, url, body }: HttpRequest) => {
    const [, id = '', verb] = /^\/v2\/shipments(?:\/(shp_[0-9a-f]{32}))?(?:\/(buy|refund))?$/.exec(
      url.pathname,
    ) ?? [undefined, 'none'];
    if (method === 'POST' && id === '') return { name: 'create', run: () => account.create(jsonIn(body)) };
    if (method === 'GET' && verb === undefined) return { name: 'retrieve', run: () => account.retrieve(id) };
    if (method === 'POST' && verb === 'buy') return { name: 'buy', run: () => account.buy(id, jsonIn(body)) };
    if (method === 'POST' && verb === 'refund')
      return { name: 'refund', run: () => account.refund(id, jsonIn(body)) };
    throw new EasypostError(404, 'NOT_FOUND', 'The requested resource could not be found.');
  };

  const answer = (status: number, body: object): HttpResponse => ({
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  });

  const handle = async (request: HttpRequest): Promise<HttpResponse | undefined> => {
    try {
      checkKey(request);
      const { name, run } = operationOf(request);
      const at = planned.findIndex(({ on }) => on === name);
      const fault = at < 0 ? undefined : planned.splice(at, 1)[0]?.fault;
      if (fault === 'rate-limit') throw RATE_LIMITED;
      if (fault === 'unavailable')
        return { status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Unavailable</h1>' };
      const done = await run();
      if (fault === 'lost') return undefined;
      if (fault === 'silent') return new Promise(() => {});
      if (fault === 'no-response') throw NO_RESPONSE;
      return answer(name === 'create' ? 201 : 200, done);
    } catch (error) {
      if (error instanceof EasypostError) return answer(error.status, error.body);
      throw error;
    }
  };

  return {
    /** Answers a request of EasyPost's API; undefined where the connection is to end. */
    handle,
    /** The next call of this operation (`buy`) goes wrong. */
    fail: (fault: EasypostFault, on: string): void => {
      planned.push({ fault, on });
    },
    /** The carrier has the parcel now. */
    leave: account.leave,
    retrieve: account.retrieve,
    parcels: account.parcels,
  };
};
export type EasypostDouble = ReturnType<typeof easypostDouble>;

/** The double on loopback. */
export const startEasypost = async (props: EasypostProps = {}) => {
  const double = easypostDouble(props);
  const server = await serveHttp(0, double.handle);
  return { ...double, url: server.url, close: server.close };
};
export type RunningEasypost = Awaited<ReturnType<typeof startEasypost>>;
