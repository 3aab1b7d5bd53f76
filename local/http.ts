import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a client sends it. */
export interface HttpRequest {
  readonly method: string;
  /** The URL asked for; its host does not come from the client. */
  readonly url: URL;
  /** By lower-case name; repeated headers are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** An answer of nothing but a status, in AWS's words: its 413 is older than Node's. */
export const statusAlone = (status: number): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: status === 413 ? 'Request Entity Too Large' : STATUS_CODES[status] }),
});

/**
 * In bytes, the largest request of AWS
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
 */
const LARGEST_BODY = 16 * 1_024 * 1_024;

/**
 * The body, or undefined if it is too large. It is read to its end all the same, so that the client hears the answer.
 */
const bodyOf = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes <= LARGEST_BODY) chunks.push(chunk as Buffer);
  }
  return bytes <= LARGEST_BODY ? Buffer.concat(chunks) : undefined;
};

/** A target is a path, which may begin with two slashes, or a whole URL, as a proxy is sent it. */
const urlOf = (target: string): URL | null =>
  URL.parse(target.startsWith('/') ? `http://127.0.0.1${target}` : target);

const answerTo = async (
  incoming: IncomingMessage,
  handle: (request: HttpRequest) => Promise<HttpResponse | undefined>,
): Promise<HttpResponse | undefined> => {
  const url = urlOf(incoming.url ?? '/');
  if (!url) return statusAlone(400);
  const body = await bodyOf(incoming);
  if (!body) return statusAlone(413);
  const headers = Object.entries(incoming.headersDistinct).map(([name, values = []]) => [
    name,
    values.join(','),
  ]);
  return handle({ method: incoming.method ?? '', url, headers: Object.fromEntries(headers), body });
};

/** A server on loopback, and where it listens. */
export interface HttpServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * @param handle answers undefined if there is to be no answer: the connection ends
 * @param option the command-line option that chooses the port
 * @throws Error if the port is in use
 */
export const serveHttp = async (
  port: number,
  handle: (request: HttpRequest) => Promise<HttpResponse | undefined>,
  option = '--port',
): Promise<HttpServer> => {
  const server: Server = createServer(async (incoming, outgoing) => {
    try {
      const answer = await answerTo(incoming, handle);
      if (!answer) return void outgoing.destroy();
      const { status, headers, body } = answer;
      outgoing.writeHead(status, { ...headers } as Record<string, string | string[]>).end(body);
    } catch (error) {
      // No request can lead here: it is our own fault, and there is nobody else to tell.
      console.error(error);
      const { status, headers, body } = statusAlone(500);
      if (!outgoing.headersSent) outgoing.writeHead(status, { ...headers } as Record<string, string>);
      outgoing.end(body);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} is in use; choose another with ${option} N`)
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
