import { beforeEach, describe, expect, it } from '@jest/globals';
import { type CallFaultKind, type Calls, calls } from '../../local/faults/calls.ts';
import { type Gates, gates, traceHeaderOf } from '../../local/faults/gates.ts';
import type { HttpRequest, HttpResponse } from '../../local/http.ts';

const ORDER = `ord_${'a'.repeat(26)}`;
const ANSWER: HttpResponse = { status: 200, headers: {}, body: '{}' };

let gate: Gates;
let local: Calls;
let failed: [requestId: string, error: string][];
let served: string[];
beforeEach(() => {
  [failed, served] = [[], []];
  gate = gates();
  local = calls({ gates: gate, fail: (requestId, { errorType }) => failed.push([requestId, errorType]) });
});

const request = (requestId: string, call: string, body: object = {}): HttpRequest => ({
  method: 'POST',
  url: new URL('http://aws.local'),
  headers: {
    'x-amzn-trace-id': traceHeaderOf(requestId),
    'amz-sdk-invocation-id': call,
    'x-amz-target': 'DynamoDB_20120810.GetItem',
  },
  body: Buffer.from(JSON.stringify({ TableName: 'PaymentPayments', ...body })),
});
/** As the endpoint serves a call. */
const make = async (requestId: string, call: string, body?: object) => {
  const made = request(requestId, call, body);
  await gate.pass(made.headers['x-amzn-trace-id']);
  return local.serve(made, async () => {
    served.push(call);
    return ANSWER;
  });
};
const begin = (requestId: string, event: object = { orderId: ORDER }) =>
  local.began(requestId, 'order-saga-dev-ChargePayment', event);
const isPending = async (work: Promise<unknown>) => {
  const never = Symbol();
  const turn = new Promise((resolve) => setImmediate(() => resolve(never)));
  return (await Promise.race([work, turn])) === never;
};
const [ONE, TWO] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
/** The order's second call goes wrong. */
const goOn = (fault: CallFaultKind) => {
  local.watch(ORDER, [{ function: 'ChargePayment', call: 2, fault }]);
  begin(ONE);
};

it('counts the calls of a function about an order, and an SDK’s repetitions as one', async () => {
  local.watch(ORDER);
  begin(ONE);
  await make(ONE, 'a');
  await make(ONE, 'b');
  await make(ONE, 'b');
  begin(TWO, { detail: {} });
  await make(TWO, 'c');
  await make(TWO, 'd', { Key: { orderId: { S: ORDER } } });
  expect(local.of(ORDER)).toEqual(
    Array(3).fill({ function: 'ChargePayment', operation: 'GetItem PaymentPayments' }),
  );
});

describe('calls of Stripe', () => {
  const atStripe = async (requestId: string, path: string) => {
    const url = new URL(`https://api.stripe.com/v1/payment_intents${path}`);
    const headers = { 'x-amzn-trace-id': traceHeaderOf(requestId), host: 'api.stripe.com' };
    return local.serve({ method: 'POST', url, headers, body: Buffer.from('') }, async () => ANSWER);
  };

  it('are counted one by one, without ids; what its client asks again at once is one', async () => {
    local.watch(ORDER);
    begin(ONE);
    await atStripe(ONE, '');
    await make(ONE, 'a');
    await atStripe(ONE, '/pi_1/confirm');
    await atStripe(ONE, '/pi_1/confirm');
    await atStripe(ONE, '/pi_1');
    await atStripe(ONE, '/pi_1/confirm');
    expect(local.of(ORDER).map(({ operation }) => operation)).toEqual([
      'POST /v1/payment_intents',
      'GetItem PaymentPayments',
      'POST /v1/payment_intents/*/confirm',
      'POST /v1/payment_intents/*',
      'POST /v1/payment_intents/*/confirm',
    ]);
  });

  it.each([
    ['refused', 403, undefined],
    ['throttled', 429, 'rate_limit'],
  ] as const)('go wrong as Stripe has them: %s', async (fault, status, code) => {
    local.watch(ORDER, [{ function: 'ChargePayment', call: 1, fault }]);
    begin(ONE);
    const answer = await atStripe(ONE, '');
    expect([answer?.status, JSON.parse(String(answer?.body)).error.code]).toEqual([status, code]);
  });
});

it('knows nothing of orders that nobody watches', async () => {
  begin(ONE);
  expect(await make(ONE, 'a')).toBe(ANSWER);
  expect(local.of(ORDER)).toEqual([]);
});

describe('an answer', () => {
  it('is lost once: what is asked again is answered', async () => {
    goOn('answer-lost');
    await make(ONE, 'a');
    expect(local.pending(ORDER)).toHaveLength(1);
    expect(await make(ONE, 'b')).toBeUndefined();
    expect(await make(ONE, 'b')).toBe(ANSWER);
    expect([served, local.pending(ORDER)]).toEqual([['a', 'b', 'b'], []]);
  });

  it('is lost as often as it is asked for', async () => {
    goOn('answer-lost-always');
    await make(ONE, 'a');
    expect([await make(ONE, 'b'), await make(ONE, 'b')]).toEqual([undefined, undefined]);
    expect(await make(ONE, 'c')).toBe(ANSWER);
  });

  it.each([
    ['refused', 'AccessDeniedException'],
    ['throttled', 'ThrottlingException'],
  ] as const)('is that it is %s, and nothing was done', async (fault, type) => {
    goOn(fault);
    await make(ONE, 'a');
    const answer = await make(ONE, 'b');
    expect([answer?.status, JSON.parse(String(answer?.body)).__type]).toEqual([400, type]);
    expect(served).toEqual(['a']);
  });
});

describe('an invocation', () => {
  it.each([
    ['dead-before', ['a']],
    ['dead-after', ['a', 'b']],
  ] as const)('dies (%s), and none of its calls is served any more', async (fault, done) => {
    goOn(fault);
    await make(ONE, 'a');
    expect(await isPending(make(ONE, 'b'))).toBe(true);
    expect(await isPending(make(ONE, 'c'))).toBe(true);
    expect([served, failed]).toEqual([done, [[ONE, 'Runtime.ExitError']]]);
  });

  it('is reported failed, and goes on when the next one of its function has ended', async () => {
    goOn('late-next');
    await make(ONE, 'a');
    const late = make(ONE, 'b');
    expect(await isPending(late)).toBe(true);
    expect(failed).toEqual([[ONE, 'Lambda.ServiceException']]);
    expect([local.held(ORDER), local.late(ORDER)]).toEqual(['late-next', 0]);
    begin(TWO);
    await make(TWO, 'c');
    local.ended(TWO);
    expect(await late).toBe(ANSWER);
    expect([served, local.late(ORDER), local.held(ORDER)]).toEqual([['a', 'c', 'b'], 1, undefined]);
    local.ended(ONE);
    expect(local.late()).toBe(0);
  });

  it('goes on when it is let go', async () => {
    goOn('late-end');
    await make(ONE, 'a');
    const late = make(ONE, 'b');
    await isPending(late);
    begin(TWO);
    await make(TWO, 'c');
    local.ended(TWO);
    expect(await isPending(late)).toBe(true);
    local.release(ORDER);
    expect(await late).toBe(ANSWER);
  });

  it('times out over a call that is served late, and does nothing more', async () => {
    let meanwhile = 0;
    local.watch(ORDER, [{ function: 'ChargePayment', call: 1, fault: 'timed-out' }], async () => {
      meanwhile += 1;
    });
    begin(ONE);
    const late = make(ONE, 'a');
    expect(await isPending(late)).toBe(true);
    expect([failed, meanwhile]).toEqual([[[ONE, 'Sandbox.Timedout']], 1]);
    local.release(ORDER);
    expect(await late).toBe(ANSWER);
    expect(await isPending(make(ONE, 'b'))).toBe(true);
    expect(served).toEqual(['a']);
  });
});
