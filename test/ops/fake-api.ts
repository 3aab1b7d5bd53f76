import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { run } from '../../ops/run.ts';
import { answerErrors } from '../../testbed/answers.ts';
import { told } from './orders-of-the-tests.ts';

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** 2026-01-15, noon. */
export const NOW = Date.parse('2026-01-15T12:00:00.000Z');

/** What there is to say of an order to which nothing has happened. */
const QUIET: Readonly<Record<string, Answer>> = {
  'GET /ops/orders/ord_1/timeline': { body: told() },
};

const HEADERS = { 'content-type': 'application/json', 'x-correlation-id': 'c', location: '/' };

/** What no command would be answered so where all is well; nothing where the API answers so, or refuses. */
const errorsOf = (route: string, { status = 200, body }: Answer): string[] => {
  const [method = '', path = ''] = route.split(' ');
  return status < 400 ? answerErrors({ method, path, status, headers: HEADERS, body }) : [];
};

/**
 * The operators' routes, answering what a test says, `{'GET /ops/orders': {body}}`; any other route is a 404.
 * @throws Error where the API answers otherwise, by the OpenAPI document
 */
export const fakeApi = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) => {
  /** `METHOD /path?query`, and the body where there is one. */
  const asked: [string, unknown?][] = [];
  const left = new Map(
    Object.entries({ ...QUIET, ...answers }).map(([route, answer]) => [route, [answer].flat()]),
  );
  const errors = [...left].flatMap(([route, each]) => each.flatMap((answer) => errorsOf(route, answer)));
  if (errors.length > 0) throw new Error(errors.join('\n'));
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { pathname, search } = new URL(request.url ?? '', 'http://fake');
    const line = `${request.method} ${pathname}${search}`;
    asked.push(body ? [line, JSON.parse(body)] : [line]);
    const known = left.get(`${request.method} ${pathname}`);
    const answer = (known && known.length > 1 ? known.shift() : known?.[0]) ?? {
      status: 404,
      body: { detail: `there is no ${pathname}` },
    };
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    url,
    /** A command line against it. */
    ops: (...args: string[]) => run([...args, '--url', url], NOW),
    close: () => new Promise((closed) => server.close(closed)),
  };
};

/** Runs one command line against an API that answers so. */
export const opsAgainst = async (answers: Parameters<typeof fakeApi>[0], ...args: string[]) => {
  const api = await fakeApi(answers);
  try {
    return { ...(await api.ops(...args)), asked: api.asked };
  } finally {
    await api.close();
  }
};
