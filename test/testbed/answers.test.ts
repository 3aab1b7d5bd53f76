import { describe, expect, it } from '@jest/globals';
import { type ApiAnswer, answerErrors } from '../../testbed/answers.ts';

const placed = {
  method: 'POST',
  path: '/orders',
  status: 202,
  headers: { 'content-type': 'application/json', 'x-correlation-id': 'c', location: '/orders/ord_1' },
  body: { orderId: 'ord_1', correlationId: 'c', status: 'PENDING', totalCents: 1, currency: 'EUR' },
};
const notFound = {
  method: 'GET',
  path: '/orders/ord_1',
  status: 404,
  headers: { 'content-type': 'application/problem+json', 'x-correlation-id': 'c' },
  body: {
    type: 'urn:order-saga:problem:order-not-found',
    title: 'There is no such order',
    status: 404,
    detail: 'there is no such order',
  },
};
const refused = { ...placed, headers: { 'content-type': 'application/json' }, body: { message: 'No' } };

describe('an answer is as the document says', () => {
  it.each<[string, ApiAnswer]>([
    ['a success', placed],
    ['a problem', notFound],
    ['the route by its name', { ...notFound, path: '/orders/{orderId}' }],
    ['with a query', { ...notFound, path: '/orders/ord_1?x=1' }],
    ['the gateway, of a route', { ...refused, status: 429 }],
    ['the gateway, where the function had none', { ...refused, status: 500 }],
    ['the gateway, where there is no route', { ...refused, path: '/nowhere', status: 404 }],
    [
      'the gateway, of a path that names another',
      { ...refused, method: 'GET', path: '/orders/a%2Fb', status: 404 },
    ],
  ])('%s', (_, answer) => {
    expect(answerErrors(answer)).toEqual([]);
  });
});

describe('an answer is not as the document says', () => {
  const { orderId: _, ...withoutId } = placed.body;
  const { location: __, ...withoutLocation } = placed.headers;
  it.each<[string, ApiAnswer, string]>([
    ['a field that nobody was told of', { ...placed, body: { ...placed.body, secret: 1 } }, 'secret'],
    ['a field that is missing', { ...placed, body: withoutId }, 'orderId'],
    ['a value that is none of those', { ...placed, body: { ...placed.body, status: 'LOST' } }, '/status'],
    ['a header that is missing', { ...placed, headers: withoutLocation }, 'Location'],
    ['a success of another status', { ...placed, status: 200 }, 'message'],
    ["another route's problem", { ...notFound, path: '/ops/replays/r' }, '/type'],
    ['a type of content that it has not', { ...notFound, headers: refused.headers }, 'application/json'],
    ['a success where there is no route', { ...placed, path: '/nowhere' }, '/nowhere'],
  ])('%s', (_, answer, told) => {
    expect(answerErrors(answer).join('\n')).toContain(told);
  });
});
