import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { audienceOf } from '../../api/audience.ts';
import { synthesize } from '../../local/assembly.ts';
import { definitionToScale } from '../../local/aws/step-functions/hand-over.ts';
import { devRoutes } from '../../local/dev-routes.ts';
import { serveHttp } from '../../local/http.ts';
import { seedProducts } from '../../local/seed.ts';
import { type LocalStack, startStack } from '../../local/stack.ts';
import { STEP_NAMES } from '../../saga/steps.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
};
const startOn = async (stepFunctionsEndpoint: string, awsPort = 0) =>
  startStack({
    assembly: await synthesize(),
    products: seedProducts(),
    timeScale: 0.02,
    stepFunctionsEndpoint,
    awsPort,
  });

const ARN = 'arn:aws:states:us-east-1:000000000000';
const FULFILLMENT = 'order-saga-dev-OrderFulfillment';
const ORDER = {
  items: [{ sku: 'MUG-WHITE', quantity: 1 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: {
    name: 'Ada Lovelace',
    line1: 'Invalidenstr. 116',
    city: 'Berlin',
    postalCode: '10115',
    country: 'DE',
  },
};

describe('the workflows on another engine', () => {
  let engine: FakeEngine;
  let stack: LocalStack;
  beforeAll(async () => {
    const port = await freePort();
    engine = await fakeEngine({ awsEndpoint: `http://127.0.0.1:${port}` });
    stack = await startOn(engine.url, port);
  });
  afterAll(async () => {
    await stack.close();
    await engine.close();
  });

  const request = async (method: string, path: string, body?: unknown) => {
    const dev = devRoutes(stack, []);
    const call = {
      method,
      url: new URL(path, 'http://shop.local'),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body) ?? ''),
    };
    const answer = (await dev.handle(call)) ?? (await stack.apis[audienceOf(path)].handle(call));
    return { status: answer.status, body: JSON.parse(String(answer.body)) };
  };
  const settle = async () => {
    while (stack.underWay() > 0) await delay(10);
  };
  /** Places an order, lets it come to rest, and tells of it. */
  const order = async (wish: object = {}, faults: readonly object[] = []) => {
    for (const fault of faults)
      expect(await request('POST', '/dev/faults', fault)).toMatchObject({ status: 202 });
    const { body } = await request('POST', '/orders', { ...ORDER, ...wish });
    await settle();
    return look(body.orderId);
  };
  const look = async (orderId: string) => {
    const { body: order } = await request('GET', `/orders/${orderId}`);
    const { body: timeline } = await request('GET', `/ops/orders/${orderId}/timeline`);
    const steps = timeline.entries.filter(({ kind }: { kind: string }) => kind === 'step');
    return {
      orderId,
      order,
      path: steps.map(({ name }: { name: string }) => name),
      steps,
      events: stack
        .published()
        .filter(({ detail }) => JSON.stringify(detail).includes(orderId))
        .map((event) => event['detail-type']),
    };
  };
  const sfn = (operation: string, request: Record<string, unknown>) =>
    stack.call('AWSStepFunctions', operation, request);

  it('has the machines of the template there, with their delays in whole seconds', () => {
    const { ChargePayment, ReserveInventory, ParkUndo } = engine.definitionOf(FULFILLMENT).States;
    expect(ChargePayment).toMatchObject({
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:order-saga-dev-ChargePayment:1',
      TimeoutSeconds: 15,
      Retry: [{ IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 4 }],
    });
    expect(ReserveInventory.Retry[0].MaxDelaySeconds).toBeUndefined();
    expect(ParkUndo.TimeoutSeconds).toBe(1_728);
    expect(Object.keys(engine.definitionOf('order-saga-dev-OrderContinuation').States)).toContain('GoOn');
  });

  it('take an order through, started by the bare machine, of which there is no alias', async () => {
    const { orderId, order: confirmed, path, events } = await order();
    expect(confirmed).toMatchObject({ status: 'CONFIRMED' });
    expect(path).toEqual([...STEP_NAMES, 'PublishOrderConfirmed']);
    expect(events).toEqual(['OrderConfirmed']);
    const started = engine.asked.find(
      ({ operation, request }) => operation === 'StartExecution' && request.name === orderId,
    );
    expect(started?.request.stateMachineArn).toBe(
      `arn:aws:states:eu-west-1:123456789012:stateMachine:${FULFILLMENT}`,
    );
    // Whoever asks is told of it as if it ran here.
    const { executions } = (await sfn('ListExecutions', {
      stateMachineArn: `${ARN}:stateMachine:${FULFILLMENT}:live`,
    })) as { executions: object[] };
    expect(executions).toContainEqual(
      expect.objectContaining({
        executionArn: `${ARN}:execution:${FULFILLMENT}:${orderId}`,
        stateMachineArn: `${ARN}:stateMachine:${FULFILLMENT}`,
        status: 'SUCCEEDED',
      }),
    );
    expect(stack.counts().transitions).toBeGreaterThanOrEqual(4);
  });

  it('undo an order that is refused', async () => {
    const { order: cancelled, events } = await order({ paymentMethod: 'pm_card_declined' });
    expect(cancelled).toMatchObject({ status: 'CANCELLED', failure: { error: 'PaymentDeclinedError' } });
    expect(events).toEqual(['OrderCancelled']);
  });

  it('park an order, and go on when an operator says so', async () => {
    const parked = await order(
      { shippingAddress: { ...ORDER.shippingAddress, postalCode: '00000' } },
      Array.from({ length: 11 }, (_, index) => ({
        state: 'RefundPayment',
        attempt: index + 1,
        fault: 'error-before',
      })),
    );
    expect(parked.order).toMatchObject({ status: 'NEEDS_ATTENTION', step: 'ParkUndo' });
    expect(parked.steps).toContainEqual(
      expect.objectContaining({
        name: 'RefundPayment',
        detail: expect.objectContaining({ attempts: 11, error: 'InjectedError' }),
      }),
    );
    expect(stack.executionsOf(parked.orderId)).toMatchObject([
      { status: 'RUNNING', token: expect.any(String) },
    ]);
    expect(await request('POST', `/ops/orders/${parked.orderId}/resume`, {})).toMatchObject({ status: 202 });
    await settle();
    expect((await look(parked.orderId)).order).toMatchObject({ status: 'CANCELLED' });
  });

  it('park an order whose publication fails: as a failed entry, which is what an engine can be told', async () => {
    const parked = await order(
      {},
      Array.from({ length: 11 }, (_, index) => ({
        state: 'PublishOrderConfirmed',
        attempt: index + 1,
        fault: 'error-before',
      })),
    );
    expect(parked.order).toMatchObject({ status: 'NEEDS_ATTENTION', step: 'ParkConfirmation' });
    expect(parked.steps.at(-2)).toMatchObject({ detail: { error: 'EventBridge.FailedEntry' } });
  });

  it('are recovered when they end from outside: the end is announced here, as the engine announces nothing', async () => {
    const { order: cancelled, path } = await order({}, [
      { state: 'ReserveInventory', fault: 'abort', calls: 1 },
    ]);
    expect(cancelled).toMatchObject({ status: 'CANCELLED', failure: { error: 'ExecutionAborted' } });
    expect(path).toEqual(expect.arrayContaining(['CancelShipment', 'ReleaseInventory', 'RefundPayment']));
  });

  it.each([
    ['throttle', 'CONFIRMED'],
    ['crash', 'CONFIRMED'],
    ['reported-failed', 'CONFIRMED'],
    ['duplicate', 'CONFIRMED'],
    ['error-after', 'CANCELLED'],
    ['timeout-before', 'CANCELLED'],
    ['timeout-after', 'CANCELLED'],
  ])('%s hits a step as it does on our own engine', async (fault, status) => {
    if (fault.startsWith('timeout')) engine.impatientAt.add('CreateShipment');
    const told = await order({}, [{ state: 'CreateShipment', fault }]);
    expect(told.order).toMatchObject({ status });
    expect(stack.faults.pending()).toEqual([]);
    if (fault.startsWith('timeout'))
      expect(told.order).toMatchObject({ failure: { error: 'States.Timeout' } });
  });

  it.each(['timeout-before', 'timeout-after'])(
    'cannot be given %s of a wait for an operator',
    async (fault) => {
      expect(await request('POST', '/dev/faults', { state: 'ParkUndo', fault })).toMatchObject({
        status: 400,
        body: { message: expect.stringMatching(/^fault: timeout-\w+ at ParkUndo /) },
      });
      expect(stack.faults.pending()).toEqual([]);
    },
  );

  it('are asked for what a function’s role may do alone', async () => {
    const before = engine.asked.length;
    const response = await fetch(stack.awsEndpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': 'AWSStepFunctions.StopExecution',
        authorization:
          'AWS4-HMAC-SHA256 Credential=order-saga-dev-PlaceOrder/20261125/us-east-1/states/aws4_request',
      },
      body: JSON.stringify({ executionArn: `${ARN}:execution:${FULFILLMENT}:ord_1` }),
    });
    expect(await response.json()).toMatchObject({ __type: 'AccessDeniedException' });
    expect(engine.asked.slice(before).map(({ operation }) => operation)).not.toContain('StopExecution');
  });
});

describe('an engine that has aliases', () => {
  it('starts executions by them', async () => {
    const port = await freePort();
    const engine = await fakeEngine({ awsEndpoint: `http://127.0.0.1:${port}`, hasAliases: true });
    const stack = await startOn(engine.url, port);
    expect(stack.handedOver?.hasAliases).toBe(true);
    await stack.call('AWSStepFunctions', 'StartExecution', {
      stateMachineArn: `${ARN}:stateMachine:${FULFILLMENT}:live`,
      name: 'ord_1',
      input: '{"orderId":"ord_1"}',
    });
    expect(
      engine.asked.find(({ operation }) => operation === 'StartExecution')?.request.stateMachineArn,
    ).toBe(`arn:aws:states:eu-west-1:123456789012:stateMachine:${FULFILLMENT}:live`);
    await stack.close();
    await engine.close();
  });

  it('is known again, with what runs there, by whoever comes next', async () => {
    const silent = await serveHttp(0, () => new Promise(() => {}));
    const engine = await fakeEngine({ awsEndpoint: silent.url });
    const first = await startOn(engine.url);
    const { executionArn } = (await first.call('AWSStepFunctions', 'StartExecution', {
      stateMachineArn: `${ARN}:stateMachine:${FULFILLMENT}:live`,
      name: 'ord_2',
      input: '{"orderId":"ord_2","correlationId":"c","totalCents":1,"currency":"EUR"}',
    })) as { executionArn: string };
    await first.close();
    const second = await startOn(engine.url);
    const operations = engine.asked.map(({ operation }) => operation);
    expect(operations.filter((operation) => operation === 'CreateStateMachine')).toHaveLength(2);
    expect(operations.filter((operation) => operation === 'UpdateStateMachine')).toHaveLength(2);
    expect(second.executionsOf('ord_2')).toMatchObject([{ arn: executionArn, status: 'RUNNING' }]);
    await second.call('AWSStepFunctions', 'StopExecution', { executionArn });
    while (second.underWay() > 0) await delay(10);
    expect(second.executionsOf('ord_2')).toMatchObject([{ status: 'ABORTED' }]);
    await second.close();
    await engine.close();
    await silent.close();
  });
});

describe('an address that is no engine', () => {
  it('is said in a sentence where nothing answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(startOn(url)).rejects.toThrow(`--step-functions-endpoint: nothing answers at ${url}`);
  });

  it('is said in a sentence where something else answers', async () => {
    const server = await serveHttp(0, async () => ({ status: 200, headers: {}, body: '<html>' }));
    await expect(startOn(server.url)).rejects.toThrow(
      `--step-functions-endpoint: what answers at ${server.url} is not Step Functions`,
    );
    await server.close();
  });
});

describe('a definition to scale', () => {
  const retrier = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60 };
  const scaled = (state: object, timeScale: number) =>
    definitionToScale({ StartAt: 'A', States: { A: { Type: 'Task', ...state } } }, timeScale).States.A;

  it.each([
    [1, retrier],
    [0.5, { ...retrier, IntervalSeconds: 1, MaxDelaySeconds: 30 }],
    [0.02, { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 1 }],
    [0, { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 1 }],
  ])('has a delay of a second at least: at %p', (timeScale, expected) => {
    expect(scaled({ Retry: [retrier] }, timeScale)).toMatchObject({ Retry: [expected] });
    expect(scaled({ Retry: [retrier] }, timeScale)?.Retry).toEqual([expected]);
  });

  it('times a wait for a token to scale, for ever at 0, and no function', () => {
    const waits = { Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', TimeoutSeconds: 86_400 };
    expect(scaled(waits, 0.5)?.TimeoutSeconds).toBe(43_200);
    expect(scaled(waits, 0)?.TimeoutSeconds).toBe(99_999_999);
    expect(
      scaled({ Resource: 'arn:aws:lambda:us-east-1:0:function:f', TimeoutSeconds: 15 }, 0)?.TimeoutSeconds,
    ).toBe(15);
  });
});
