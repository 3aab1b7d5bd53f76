import { describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import type { ApiAnswer } from '../../../lambdas/runtime/answering.ts';
import { type ApiCall, api } from '../../../lambdas/runtime/api.ts';
import { Problem } from '../../../lambdas/runtime/problem.ts';
import { askAny, type Request, apiRequest as requestOf } from '../api-requests.ts';
import { logLinesOf } from '../log-lines.ts';

/** Of no route in particular. */
const apiRequest = (request: Partial<Request> = {}) => requestOf({ routeKey: 'ANY /test', ...request });

const echo = api(async ({ callerId, correlationId, path, query, header }) => ({
  status: 200,
  body: { callerId, correlationId, path, query, key: header('idempotency-key') },
}));
const reading = (model: z.ZodType) => api(async ({ body }) => ({ status: 200, body: body(model) }));
const failing = (error: Error) => api(() => Promise.reject(error));

describe('who calls', () => {
  it('is whom the authorizer has checked', async () => {
    await expect(askAny(echo, apiRequest({ customerId: 'customer-7' }))).resolves.toMatchObject({
      status: 200,
      body: { callerId: 'customer-7' },
    });
  });

  it('is nobody without: 401, and no work is done', async () => {
    const work = jest.fn<(call: ApiCall) => Promise<ApiAnswer>>();
    const answer = await askAny(api(work), apiRequest({ authorizer: undefined }));
    expect(answer).toMatchObject({
      status: 401,
      body: { type: 'urn:order-saga:problem:unauthenticated', status: 401 },
    });
    expect(work).not.toHaveBeenCalled();
  });
});

describe('the correlation id', () => {
  it.each(['c0ffee00-1d5a-4c1e-9d3b-2f6a7b8c9d0e', 'shop:1.2_3', 'JKJaXmPLvHcESHA=', 'x'.repeat(64)])(
    'is taken from the request where it is plain: %s',
    async (given) => {
      const answer = await askAny(echo, apiRequest({ headers: { 'x-correlation-id': given } }));
      expect(answer.body.correlationId).toBe(given);
      expect(answer.headers['x-correlation-id']).toBe(given);
    },
  );

  it.each(['', 'two words', 'line\nbreak', '{"a":1}', 'é', 'x'.repeat(65)])(
    "is the gateway's own where it is not: %j",
    async (given) => {
      const answer = await askAny(echo, apiRequest({ headers: { 'x-correlation-id': given } }));
      expect(answer.body.correlationId).toBe('request-of-the-gateway');
      expect(answer.headers['x-correlation-id']).toBe('request-of-the-gateway');
    },
  );

  it("is the gateway's own where none is given", async () => {
    await expect(askAny(echo, apiRequest())).resolves.toMatchObject({
      body: { correlationId: 'request-of-the-gateway' },
    });
  });
});

describe('a request', () => {
  it('is handed on with its path, query and headers', async () => {
    const request = apiRequest({
      path: { orderId: 'ord_1' },
      query: { limit: '5' },
      headers: { 'idempotency-key': 'k1' },
    });
    await expect(askAny(echo, request)).resolves.toMatchObject({
      body: { path: { orderId: 'ord_1' }, query: { limit: '5' }, key: 'k1' },
    });
  });

  it('may have its body in base64', async () => {
    const body = Buffer.from('{"name":"Zoë"}').toString('base64');
    const request = { ...apiRequest({ body }), isBase64Encoded: true };
    const answer = await askAny(reading(z.object({ name: z.string() })), request);
    expect(answer).toMatchObject({ status: 200, body: { name: 'Zoë' } });
  });

  it.each([
    ['no body', undefined],
    ['an empty one', ''],
    ['one that is not JSON', '{"name":'],
  ])('with %s is refused', async (_, body) => {
    await expect(askAny(reading(z.object({})), apiRequest({ body }))).resolves.toMatchObject({
      status: 400,
      body: { detail: 'the body is not JSON', errors: [{ field: '(body)', message: 'is not JSON' }] },
    });
  });

  it('with a body that is not UTF-8 is refused', async () => {
    const body = Buffer.from([0x22, 0xff, 0x22]).toString('base64');
    const request = { ...apiRequest({ body }), isBase64Encoded: true };
    await expect(askAny(reading(z.string()), request)).resolves.toMatchObject({
      status: 400,
      body: { type: 'urn:order-saga:problem:not-json' },
    });
  });

  it('with a body of more than 64 KiB is refused unread', async () => {
    const answer = (size: number) =>
      askAny(reading(z.string()), apiRequest({ body: `"${'x'.repeat(size - 2)}"` }));
    await expect(answer(65_536)).resolves.toMatchObject({ status: 200 });
    await expect(answer(65_537)).resolves.toMatchObject({
      status: 413,
      body: { type: 'urn:order-saga:problem:body-too-large' },
    });
  });

  it('has each of its bad fields named, as a person would write it', async () => {
    const model = z.strictObject({
      items: z.array(z.strictObject({ sku: z.string() })),
      address: z.object({ city: z.string() }),
    });
    const body = { items: [{ sku: 'MUG' }, { sku: 1, price: 2 }], address: {}, coupon: 'x' };
    const answer = await askAny(reading(model), apiRequest({ body }));
    expect(answer).toMatchObject({ status: 400, body: { detail: 'some fields are not valid' } });
    expect(answer.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'address.city',
      'coupon',
      'items[1].price',
      'items[1].sku',
    ]);
  });

  it('whose whole body is of the wrong kind is refused as a whole', async () => {
    await expect(askAny(reading(z.object({})), apiRequest({ body: '[]' }))).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ field: '(body)' }] },
    });
  });
});

describe('an answer', () => {
  it('is JSON with its status, its own headers and the correlation id', async () => {
    const placed = api(async () => ({
      status: 202,
      headers: { location: '/orders/1' },
      body: { orderId: '1' },
    }));
    await expect(askAny(placed, apiRequest())).resolves.toEqual({
      status: 202,
      headers: {
        'content-type': 'application/json',
        'x-correlation-id': 'request-of-the-gateway',
        location: '/orders/1',
      },
      body: { orderId: '1' },
    });
  });

  it('to a problem is problem details', async () => {
    const problem = new Problem('parcel-dispatched', 'it has shipped', [
      { field: 'orderId', message: 'shipped' },
    ]);
    await expect(askAny(failing(problem), apiRequest())).resolves.toEqual({
      status: 409,
      headers: {
        'content-type': 'application/problem+json',
        'x-correlation-id': 'request-of-the-gateway',
      },
      body: {
        type: 'urn:order-saga:problem:parcel-dispatched',
        title: 'The parcel has already left',
        status: 409,
        detail: 'it has shipped',
        errors: [{ field: 'orderId', message: 'shipped' }],
      },
    });
  });

  it('to a failure of ours hides what failed, and quotes the correlation id', async () => {
    const failure = Object.assign(new Error('secret table name'), { name: 'ResourceNotFoundException' });
    const request = apiRequest({ headers: { 'x-correlation-id': 'corr-9' } });
    const answer = await askAny(failing(failure), request);
    expect(answer).toEqual({
      status: 500,
      headers: { 'content-type': 'application/problem+json', 'x-correlation-id': 'corr-9' },
      body: {
        type: 'urn:order-saga:problem:internal-error',
        title: 'Something went wrong on our side',
        status: 500,
        detail: 'something went wrong on our side; quote correlation id corr-9',
      },
    });
  });

  it('to a failure of ours leaves the cause in the log, under the same correlation id', async () => {
    const request = apiRequest({ headers: { 'x-correlation-id': 'corr-9' } });
    const lines = await logLinesOf(() => askAny(failing(new Error('table away')), request));
    expect(lines).toMatchObject([
      { level: 'ERROR', message: 'request failed', correlationId: 'corr-9', reason: 'table away' },
    ]);
  });
});

it('the line of a call names the request as the access log knows it', async () => {
  const request = apiRequest({ headers: { 'x-correlation-id': 'corr-9' } });
  await expect(logLinesOf(() => askAny(echo, request))).resolves.toMatchObject([
    {
      message: 'request answered',
      correlationId: 'corr-9',
      requestId: 'request-of-the-gateway',
    },
  ]);
});
