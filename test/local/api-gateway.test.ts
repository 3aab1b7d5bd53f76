import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiGateway } from '../../local/aws/api-gateway/api-gateway.ts';
import { devRoutes } from '../../local/dev-routes.ts';
import { type HttpServer, serveHttp } from '../../local/http.ts';
import type { LocalStack } from '../../local/stack.ts';
import type { Resource } from '../../local/template.ts';

const resource = (type: string, logicalId: string, properties: object) =>
  ({ type: `AWS::ApiGatewayV2::${type}`, logicalId, properties }) as unknown as Resource;
const route = (RouteKey: string, ApiId = 'Things') =>
  resource('Route', RouteKey, { ApiId, RouteKey, AuthorizationType: 'AWS_IAM', Target: 'integrations/Echo' });
const integration = resource('Integration', 'Echo', {
  IntegrationType: 'AWS_PROXY',
  PayloadFormatVersion: '2.0',
  IntegrationUri: 'echo',
});
const ROUTES = ['GET /things', 'POST /things', 'GET /things/{thing}', 'GET /answer'];

describe('the HTTP API', () => {
  let server: HttpServer;
  let answer: unknown;
  // What the function is given comes back, but of GET /answer.
  const invoke = async (_: string, event: { routeKey: string; body?: string }) => {
    if (event.body === 'more than Lambda takes')
      throw Object.assign(new Error('too large'), { name: 'RequestTooLargeException' });
    return {
      result: event.routeKey === 'GET /answer' ? answer : { statusCode: 200, body: JSON.stringify(event) },
    };
  };
  beforeAll(async () => {
    const resources = [integration, ...ROUTES.map((each) => route(each)), route('GET /elsewhere', 'Others')];
    const stack = { states: ['ChargePayment'], listeners: ['log-event'], faults: { add: () => {} } };
    const dev = devRoutes(stack as unknown as LocalStack, []);
    const gateway = apiGateway({ resources, apiId: 'Things', functions: { invoke } as never });
    server = await serveHttp(0, async (request) => (await dev.handle(request)) ?? gateway.handle(request));
  });
  afterAll(() => server.close());

  const event = async (path: string, init?: RequestInit) =>
    (await fetch(`${server.url}${path}`, init)).json() as Promise<Record<string, unknown>>;
  const status = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${server.url}${path}`, init);
    return [response.status, await response.text()];
  };
  /** As it is written to the socket: the status that comes back. */
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text));
      socket.once('data', (data) => {
        socket.destroy();
        resolve(String(data).split('\r\n')[0] ?? '');
      });
      socket.once('error', reject);
    });

  it('decodes the path, once', async () => {
    expect(await event('/things/a%20b%2525')).toMatchObject({
      rawPath: '/things/a b%25',
      pathParameters: { thing: 'a b%25' },
      requestContext: { http: { path: '/things/a b%25' } },
    });
    expect(await status('/things/%zz')).toEqual([400, '{"message":"Bad Request"}']);
    // It routes what it has decoded.
    expect(await status('/things/a%2Fb')).toEqual([404, '{"message":"Not Found"}']);
  });

  it('joins what comes more than once by commas', async () => {
    expect(await event('/things?a=1&b=%26&a=2')).toMatchObject({
      rawQueryString: 'a=1&b=%26&a=2',
      queryStringParameters: { a: '1,2', b: '&' },
    });
    const headers = await new Promise((resolve) => {
      httpRequest(`${server.url}/things`, { headers: { 'X-Two': ['a', 'b'], 'USER-AGENT': 'x' } })
        .end()
        .on('response', async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve(JSON.parse(text).headers);
        });
    });
    expect(headers).toMatchObject({ 'x-two': 'a,b', 'user-agent': 'x' });
  });

  it('tells cookies apart', async () => {
    const got = await event('/things', { headers: { cookie: 'a=1; b=2' } });
    expect(got.cookies).toEqual(['a=1', 'b=2']);
    expect(got.headers).not.toHaveProperty('cookie');
  });

  it('hands on a text as it is, and anything else as base64', async () => {
    const post = (type: string, body: string) =>
      event('/things', { method: 'POST', headers: { 'content-type': type }, body });
    for (const type of ['application/json', 'text/plain; charset=utf-8', 'application/problem+json'])
      expect(await post(type, 'ü')).toMatchObject({ body: 'ü', isBase64Encoded: false });
    for (const type of ['application/octet-stream', 'application/x-www-form-urlencoded'])
      expect(await post(type, 'ü')).toMatchObject({ body: 'w7w=', isBase64Encoded: true });
    const none = await event('/things', { method: 'POST' });
    expect(none).toMatchObject({ isBase64Encoded: false });
    expect(none).not.toHaveProperty('body');
  });

  it('knows its routes, and no other', async () => {
    const notFound = [404, '{"message":"Not Found"}'];
    expect(await status('/nothing')).toEqual(notFound);
    expect(await status('/things', { method: 'DELETE' })).toEqual(notFound);
    expect(await status('/elsewhere')).toEqual(notFound);
    expect(await status('//')).toEqual(notFound);
    expect(await status('//things')).toEqual(notFound);
    // A slash at the end, and HEAD, are nothing that it would see through: https://github.com/storacha/w3infra/pull/166
    expect(await status('/things/')).toEqual(notFound);
    expect(await status('/things', { method: 'HEAD' })).toEqual([404, '']);
    for (const routeKey of ['ANY /x', '$default', 'GET /{proxy+}'])
      expect(() =>
        apiGateway({ resources: [integration, route(routeKey)], apiId: 'Things', functions: {} as never }),
      ).toThrow(`the route ${routeKey} is not emulated locally`);
  });

  it('answers whatever is asked of it', async () => {
    const get = (target: string, host: string) => raw(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(await get('/things', 'a b:c')).toBe('HTTP/1.1 200 OK');
    expect(await get('/things', ']')).toBe('HTTP/1.1 200 OK');
    expect(await get('//', 'x')).toBe('HTTP/1.1 404 Not Found');
    expect(await get('http://elsewhere/things', 'x')).toBe('HTTP/1.1 200 OK');
    expect(await get('http://[/things', 'x')).toBe('HTTP/1.1 400 Bad Request');
    expect(await raw('OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request');
  });

  it('keeps the quotas', async () => {
    const big = (size: number) =>
      status('/things', {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'x'.repeat(size),
      });
    expect((await big(10_485_760))[0]).toBe(200);
    const tooLarge = [413, '{"message":"Request Entity Too Large"}'];
    expect(await big(10_485_761)).toEqual(tooLarge);
    expect(
      await status('/things', {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'more than Lambda takes',
      }),
    ).toEqual(tooLarge);
    // More than is ever kept of one.
    expect(await big(20_000_000)).toEqual(tooLarge);
    expect((await status('/things', { headers: { x: 'x'.repeat(9_000) } }))[0]).toBe(200);
    for (const size of [10_240, 20_000])
      expect((await status('/things', { headers: { x: 'x'.repeat(size) } }))[0]).toBe(431);
    expect((await status(`/things?${'x'.repeat(10_240)}`))[0]).toBe(431);
  });

  it.each([
    ['an object without a status is the body', { a: 1 }, 200, 'application/json', '{"a":1}'],
    ['so is a text', 'hello', 200, 'application/json', 'hello'],
    ['and nothing', null, 200, 'application/json', 'null'],
    ['a status alone', { statusCode: 204 }, 204, 'text/plain; charset=utf-8', ''],
    [
      'base64',
      {
        statusCode: 200,
        headers: { 'Content-Type': 'image/x' },
        body: 'w7w=',
        isBase64Encoded: true,
      },
      200,
      'image/x',
      'ü',
    ],
    ...[
      { statusCode: 'nine' },
      { statusCode: 99 },
      { statusCode: 200, body: { a: 1 } },
      { statusCode: 200, headers: 'x' },
      { statusCode: 200, headers: { 'a b': 'c' } },
      { statusCode: 200, headers: { a: 'b\r\nc: d' } },
    ].map(
      (bad) =>
        [
          `malformed: ${JSON.stringify(bad)}`,
          bad,
          500,
          'application/json',
          '{"message":"Internal Server Error"}',
        ] as const,
    ),
  ])('%s', async (_, result, code, type, body) => {
    answer = result;
    const response = await fetch(`${server.url}/answer`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      code,
      type,
      body,
    ]);
  });

  it('sets cookies', async () => {
    answer = { statusCode: 200, cookies: ['a=1', 'b=2; Secure'] };
    const response = await fetch(`${server.url}/answer`);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; Secure']);
  });

  it('a bad fault is refused in words', async () => {
    const post = async (body: string) => {
      const [code, text] = await status('/dev/faults', { method: 'POST', body });
      return [code, JSON.parse(String(text)).message];
    };
    expect(await post('{')).toEqual([400, 'the body is not JSON']);
    for (const body of ['', 'null', '5', '[]', '"x"']) expect((await post(body))[0]).toBe(400);
    expect(await post('5')).toEqual([400, 'the body is not a JSON object']);
    expect(await post('{"state":["ChargePayment"],"fault":"crash"}')).toEqual([
      400,
      'state: must be one of ChargePayment',
    ]);
    expect((await post('{"listener":{"a":1},"fault":"constructor","times":"x"}'))[0]).toBe(400);
    expect(await status('/dev/nothing')).toEqual([404, '{"message":"Not Found"}']);
  });
});
