import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openShop, type Shop } from '../../testbed/shop.ts';

let shop: Shop;
let lambda: LambdaClient;
const clientOf = (accessKeyId: string) =>
  new LambdaClient({
    endpoint: shop.stack.awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });
beforeAll(async () => {
  shop = await openShop();
  lambda = clientOf('operator');
});
afterAll(() => shop.close());

const nameOf = (construct: string) => `order-saga-dev-${construct}`;
const reserve = (construct: string, ReservedConcurrentExecutions: number, client = lambda) =>
  client.send(
    new PutFunctionConcurrencyCommand({ FunctionName: nameOf(construct), ReservedConcurrentExecutions }),
  );
const release = (construct: string) =>
  lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: nameOf(construct) }));

describe('a function whose reserved concurrency is 0', () => {
  afterEach(() => Promise.all(['CreateShipment', 'NotifyCustomer', 'GetOrder'].map(release)));

  it('runs for nobody, whichever version is asked for, until it is let go', async () => {
    await reserve('CreateShipment', 0);
    for (const FunctionName of [nameOf('CreateShipment'), `${nameOf('CreateShipment')}:1`])
      await expect(lambda.send(new InvokeCommand({ FunctionName }))).rejects.toMatchObject({
        name: 'TooManyRequestsException',
        message: 'Rate Exceeded.',
        $metadata: { httpStatusCode: 429 },
      });
    await release('CreateShipment');
    const { FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: nameOf('CreateShipment') }),
    );
    // It runs: and finds that it was given nothing.
    expect(FunctionError).toBe('Unhandled');
  });

  it('fails its task by the name that Step Functions has for it, and counts no invocation', async () => {
    await reserve('CreateShipment', 0);
    const before = shop.stack.counts().invocations[nameOf('CreateShipment')];
    const { order } = await shop.order();
    expect(order).toMatchObject({
      status: 'CANCELLED',
      failure: { error: 'Lambda.TooManyRequestsException' },
    });
    expect(shop.stack.counts().invocations[nameOf('CreateShipment')]).toBe(before);
  });

  it('makes a dead letter of an event at once', async () => {
    await reserve('NotifyCustomer', 0);
    const { orderId } = await shop.order();
    const { body } = await shop.request('GET', '/ops/dead-letters');
    expect(body.listeners).toContainEqual({
      listener: 'notify-customer',
      deadLetters: 1,
      letters: [
        {
          orderId,
          eventId: `${orderId}#OrderConfirmed`,
          type: 'OrderConfirmed',
          error: 'ZeroReservedConcurrency',
          since: expect.any(String),
        },
      ],
    });
    await release('NotifyCustomer');
    await shop.request('POST', '/ops/listeners/notify-customer/redrive');
    await shop.settle();
    expect(await shop.rows('ListenersSandboxMailbox')).toContainEqual(
      expect.objectContaining({ eventId: `${orderId}#OrderConfirmed`, sent: 1 }),
    );
  });

  it('fails the call of its route', async () => {
    await reserve('GetOrder', 0);
    const { status } = await shop.request('GET', '/orders/ord_00000000000000000000000000');
    expect(status).toBe(500);
  });
});

it('what is reserved can be asked for', async () => {
  const get = async () => {
    const command = new GetFunctionConcurrencyCommand({ FunctionName: nameOf('CreateShipment') });
    return (await lambda.send(command)).ReservedConcurrentExecutions;
  };
  await expect(get()).resolves.toBeUndefined();
  await reserve('CreateShipment', 0);
  await expect(get()).resolves.toBe(0);
  await release('CreateShipment');
  await expect(get()).resolves.toBeUndefined();
});

it.each([
  ['more than none', 'NotEmulated', 'CreateShipment', 5],
  ['what is no number of instances', 'InvalidParameterValueException', 'CreateShipment', -1],
  ['a function that there is none of', 'ResourceNotFoundException', 'CreateSpoon', 0],
])('%s is %s', async (_, name, construct, instances) => {
  await expect(reserve(construct, instances)).rejects.toMatchObject({ name });
});

it('no function may stop another one', async () => {
  const placeOrder = clientOf(nameOf('PlaceOrder'));
  await expect(reserve('CreateShipment', 0, placeOrder)).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});
