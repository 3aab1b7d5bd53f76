import type { RequestOptions } from 'node:http';
import https from 'node:https';
import { buffer } from 'node:stream/consumers';

/** What a fetch has been told has no body: https://fetch.spec.whatwg.org/#null-body-status */
const BODILESS = [204, 205, 304];

/**
 * `fetch`, by `https.request` as it is then: who has that ask somebody else has this ask them, too.
 * @throws TypeError where nobody answers, as `fetch` does; what the request's signal was aborted with
 */
export const fetchByRequest = async (request: Request): Promise<Response> => {
  const { hostname, port, pathname, search } = new URL(request.url);
  const body = Buffer.from(await request.arrayBuffer());
  const options: RequestOptions = {
    host: hostname,
    ...(port && { port }),
    method: request.method,
    path: `${pathname}${search}`,
    headers: Object.fromEntries(request.headers),
  };
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => reject(new TypeError('fetch failed', { cause }));
    const outgoing = https.request(options, (response) => {
      buffer(response).then((answer) => {
        const { statusCode: status = 200, headers } = response;
        const told = Object.entries(headers).map(([name, value]) => [name, String(value)]);
        const content = BODILESS.includes(status) ? null : answer;
        resolve(new Response(content, { status, headers: Object.fromEntries(told) }));
      }, failed);
    });
    outgoing.on('error', failed);
    request.signal.addEventListener('abort', () => {
      reject(request.signal.reason);
      outgoing.destroy();
    });
    outgoing.end(body);
  });
};
