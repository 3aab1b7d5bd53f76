// How a function's thread reaches the local AWS, and what stands in for other services beside it: by messages, as sockets
// between two threads of one process would be half of what an order costs here. Nobody sees a difference: from the request it makes to the answer it reads, the SDK
// is the service's own.
import { EventEmitter } from 'node:events';
import http, { type RequestOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Readable } from 'node:stream';
import type { Call, CallAnswer } from './lambda/invocation.ts';

/** As much of a connection as the SDK asks for: one that is always there. */
const SOCKET = { connecting: false, setKeepAlive: () => {}, setTimeout: () => {}, destroy: () => {} };

type Headers = Readonly<Record<string, string>>;

/** As much of a `ClientRequest` as the SDKs' handlers, and providers' clients, ask for. */
class PortRequest extends EventEmitter {
  readonly socket = SOCKET;
  readonly #send: (headers: Headers, body: string | Uint8Array) => void;
  readonly #headers: Record<string, string> = {};
  #written: string | Uint8Array = '';
  isOver = false;

  constructor(
    headers: RequestOptions['headers'],
    send: (headers: Headers, body: string | Uint8Array) => void,
  ) {
    super();
    this.#send = send;
    for (const [name, value] of Object.entries(headers ?? {})) this.setHeader(name, value);
  }

  setHeader(name: string, value: unknown): void {
    this.#headers[name.toLowerCase()] = String(value);
  }

  getHeader(name: string): string | undefined {
    return this.#headers[name.toLowerCase()];
  }

  setNoDelay(): void {}

  /** In one piece, as all of them write. */
  write(body: string | Uint8Array): void {
    this.#written = body;
  }

  end(body: string | Uint8Array = this.#written): void {
    this.#send(this.#headers, body);
  }

  /** What gets no answer for long is given up by the function's own time-out. */
  setTimeout(): this {
    return this;
  }

  destroy(): void {
    this.isOver = true;
    this.emit('close');
  }

  abort(): void {
    this.destroy();
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
 * @param traceHeader of the invocation that asks; AWS's SDK sends it by itself, others do not
 * @returns what takes the answers
 */
export const callsByPort = (
  endpoint: string,
  send: (call: Call) => void,
  traceHeader: () => string | undefined,
): ((answer: CallAnswer) => void) => {
  const { port } = new URL(endpoint);
  const pending = new Map<number, (answer: CallAnswer) => void>();
  const bySocket = http.request;
  let calls = 0;

  const request = (
    { headers, method = 'POST', path }: RequestOptions,
    onResponse?: (response: object) => void,
  ) => {
    const call = ++calls;
    const trace = traceHeader();
    const outgoing = new PortRequest(headers, (named, body) => {
      const known = { ...(trace && { 'x-amzn-trace-id': trace }), ...named };
      send({ call, method, path: path ?? '/', headers: known, body });
    });
    pending.set(call, ({ answer }) => {
      if (outgoing.isOver) return;
      if (answer) {
        const response = responseOf(answer);
        onResponse?.(response);
        outgoing.emit('response', response);
      }
      // As if the other side had hung up.
      else outgoing.emit('error', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    });
    return outgoing;
  };
  http.request = ((options: RequestOptions, onResponse?: (response: object) => void) =>
    String(options.port) === port
      ? request(options, onResponse)
      : bySocket(options, onResponse as never)) as typeof http.request;
  syncBuiltinESMExports();

  return (answer) => {
    pending.get(answer.call)?.(answer);
    pending.delete(answer.call);
  };
};
