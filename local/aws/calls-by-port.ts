// How a function's thread reaches the local AWS: by messages, as sockets between two threads of one process would be
// half of what an order costs here. Nobody sees a difference: from the request it signs to the answer it reads, the SDK
// is AWS's own.
import { EventEmitter } from 'node:events';
import http, { type RequestOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Readable } from 'node:stream';
import type { Call, CallAnswer } from './lambda/invocation.ts';

/** As much of a connection as the SDK asks for: one that is always there. */
const SOCKET = { connecting: false, setKeepAlive: () => {}, setTimeout: () => {}, destroy: () => {} };

/** As much of a `ClientRequest` as the SDK's handler asks for. */
class PortRequest extends EventEmitter {
  readonly socket = SOCKET;
  readonly #send: (body: string | Uint8Array) => void;
  isOver = false;

  constructor(send: (body: string | Uint8Array) => void) {
    super();
    this.#send = send;
  }

  end(body: string | Uint8Array = ''): void {
    this.#send(body);
  }

  destroy(): void {
    this.isOver = true;
    this.emit('close');
  }
}

const responseOf = ({ status, headers, body }: NonNullable<CallAnswer['answer']>) =>
  Object.assign(Readable.from(body.length > 0 ? [Buffer.from(body)] : [], { objectMode: false }), {
    statusCode: status,
    headers,
    complete: true,
  });

/**
 * Sends whatever the thread asks of the endpoint by `send`, from here on.
 * @returns what takes the answers
 */
export const callsByPort = (endpoint: string, send: (call: Call) => void): ((answer: CallAnswer) => void) => {
  const { port } = new URL(endpoint);
  const pending = new Map<number, (answer: CallAnswer) => void>();
  const bySocket = http.request;
  let calls = 0;

  const request = (
    { headers, method = 'POST', path }: RequestOptions,
    onResponse: (response: object) => void,
  ) => {
    const call = ++calls;
    const outgoing = new PortRequest((body) => {
      const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
      send({ call, method, path: path ?? '/', headers: Object.fromEntries(named), body });
    });
    pending.set(call, ({ answer }) => {
      if (outgoing.isOver) return;
      if (answer) onResponse(responseOf(answer));
      // As if the other side had hung up.
      else outgoing.emit('error', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    });
    return outgoing;
  };
  http.request = ((options: RequestOptions, onResponse: (response: object) => void) =>
    String(options.port) === port
      ? request(options, onResponse)
      : bySocket(options, onResponse as never)) as typeof http.request;
  syncBuiltinESMExports();

  return (answer) => {
    pending.get(answer.call)?.(answer);
    pending.delete(answer.call);
  };
};
