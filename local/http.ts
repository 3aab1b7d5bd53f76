import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpRequest, HttpResponse } from './api-gateway.ts';

const bodyOf = async (incoming: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** A server on loopback, and where it listens. */
export interface HttpServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** @throws Error saying so where the port is in use */
export const serveHttp = async (
  port: number,
  handle: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<HttpServer> => {
  const server: Server = createServer(async (incoming, outgoing) => {
    const { status, headers, body } = await bodyOf(incoming)
      .then((text) =>
        handle({
          method: incoming.method ?? '',
          url: new URL(incoming.url ?? '/', `http://${incoming.headers.host}`),
          headers: Object.fromEntries(
            Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
          ),
          body: text,
        }),
      )
      .catch((error: Error) => ({
        status: 500,
        headers: {},
        body: JSON.stringify({ message: error.message }),
      }));
    outgoing.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} is in use; choose another with --port N`)
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
