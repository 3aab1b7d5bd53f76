import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seedStage } from '../../ops/seed.ts';
import { outputsOf } from '../../ops/stage.ts';
import { customerToken } from '../../ops/token.ts';
import { STEP_NAMES } from '../../saga/steps.ts';

const root = join(import.meta.dirname, '../..');
const run = join(root, 'scripts/run.mjs');
const example = (name: string) => readFileSync(join(root, `examples/${name}.json`), 'utf8');

interface Machine {
  readonly name: string;
  readonly definition: { readonly States: Readonly<Record<string, { readonly Retry?: unknown }>> };
}

describe('npm start', () => {
  let stack: ChildProcess;
  let url = '';
  let operatorsUrl = '';
  let awsEndpoint = '';
  const lines: string[] = [];

  beforeAll(async () => {
    stack = spawn(process.execPath, [run, 'local/start.ts', '--port', '0', '--logs'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await new Promise<void>((ready, died) => {
      stack.on('exit', (code) => died(new Error(`exited with ${code}: ${lines.join('\n')}`)));
      if (!stack.stdout) return;
      createInterface(stack.stdout).on('line', (line) => {
        lines.push(line);
        url ||= /^Ready: (\S+)/.exec(line)?.[1] ?? '';
        operatorsUrl ||= /^Operators: (\S+)/.exec(line)?.[1] ?? '';
        awsEndpoint ||= /^AWS endpoint .*: (http\S+)/.exec(line)?.[1] ?? '';
        if (url && awsEndpoint) ready();
      });
    });
  });
  afterAll(() => {
    stack.kill('SIGKILL');
  });

  const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' };
  const client = () => ({ endpoint: awsEndpoint, region: 'us-east-1', credentials });

  const ended = async (orderId: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const order = (await (await fetch(`${url}/orders/${orderId}`)).json()) as Record<string, unknown>;
      if (order.status !== 'PENDING') return order;
      await delay(20);
    }
  };

  it('confirms an order placed over HTTP, as the SDK sees it too', async () => {
    const response = await fetch(`${url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: example('order'),
    });
    expect(response.status).toBe(202);
    const { orderId } = (await response.json()) as { orderId: string };
    expect(await ended(orderId)).toMatchObject({ orderId, status: 'CONFIRMED' });

    const stepFunctions = new SFNClient(client());
    const { stateMachines } = await stepFunctions.send(new ListStateMachinesCommand({}));
    const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:order-saga-dev-OrderFulfillment';
    expect(stateMachines?.map(({ stateMachineArn }) => stateMachineArn)).toContain(machine);
    const { executions } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn: machine }));
    expect(executions?.map(({ name }) => name)).toContain(orderId);
    const { events } = await stepFunctions.send(
      new GetExecutionHistoryCommand({
        executionArn: `${machine.replace('stateMachine', 'execution')}:${orderId}`,
      }),
    );
    expect(events?.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? [])).toEqual([
      ...STEP_NAMES,
      'PublishOrderConfirmed',
    ]);
    expect(events?.at(0)).toMatchObject({ id: 1, type: 'ExecutionStarted', timestamp: expect.any(Date) });
    expect(events?.at(-1)).toMatchObject({ type: 'ExecutionSucceeded' });

    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(client()));
    const { Items } = await documents.send(new ScanCommand({ TableName: 'PaymentSandboxCharges' }));
    expect(Items).toContainEqual(expect.objectContaining({ orderId, chargedCents: 2500, refundedCents: 0 }));
  });

  it.each([
    ['declined', 'PaymentDeclinedError'],
    ['out-of-stock', 'OutOfStockError'],
    ['undeliverable', 'AddressUndeliverableError'],
  ])('cancels the example %s', async (name, error) => {
    const response = await fetch(`${url}/orders`, { method: 'POST', body: example(name) });
    const { orderId } = (await response.json()) as { orderId: string };
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', failure: { error } });
  });

  it('is found by its stage’s name, as a deployed stage is', async () => {
    const cloudFormation = new CloudFormationClient(client());
    const output = await outputsOf(cloudFormation, 'dev');
    expect(output('ApiUrl')).toBe(url);
    expect(output('OperatorsApiUrl')).toBe(operatorsUrl);
    await expect(outputsOf(cloudFormation, 'staging')).rejects.toThrow(
      'Stack with id order-saga-staging does not exist',
    );
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(client()));
    const product = { sku: 'SPOON', name: 'Spoon', unitPriceCents: 100, currency: 'EUR', available: 1 };
    await expect(seedStage(cloudFormation, documents, 'dev', [product])).resolves.toMatchObject({ added: 1 });
    const { Items } = await documents.send(new ScanCommand({ TableName: output('StockTable') }));
    expect(Items).toContainEqual({ sku: 'SPOON', available: 1 });
  });

  it('has the operators’ API at an address of its own, as on AWS: neither knows the other’s routes', async () => {
    const statusOf = async (address: string) => (await fetch(address)).status;
    expect(await statusOf(`${operatorsUrl}/ops/orders`)).toBe(200);
    expect(await statusOf(`${url}/ops/orders`)).toBe(404);
    expect(await statusOf(`${operatorsUrl}/orders`)).toBe(404);
    expect(await statusOf(`${url}/dev/ops/orders`)).toBe(200);
  });

  it('signs customers in, each to orders of their own', async () => {
    const sdk = client();
    const signIn = async (name: string) => {
      const [cloudFormation, cognito] = [
        new CloudFormationClient(sdk),
        new CognitoIdentityProviderClient(sdk),
      ];
      return { authorization: `Bearer ${await customerToken(cloudFormation, cognito, 'dev', name)}` };
    };
    const ada = await signIn('ada');
    const placed = await fetch(`${url}/orders`, { method: 'POST', headers: ada, body: example('order') });
    const { orderId } = (await placed.json()) as { orderId: string };
    const seen = async (headers: Record<string, string>) =>
      (await fetch(`${url}/orders/${orderId}`, { headers })).status;
    const printed = (name: string) =>
      lines.find((line) => line.startsWith(`  ${name}=`))?.split("'")[1] ?? '';
    expect(await seen(ada)).toBe(200);
    expect(await seen({ authorization: printed('ADA') })).toBe(200);
    for (const headers of [await signIn('grace'), { authorization: printed('GRACE') }, {}])
      expect(await seen(headers)).toBe(404);
    const keys = await fetch(`${awsEndpoint}/us-east-1_ApiCustomerPool/.well-known/jwks.json`);
    expect(await keys.json()).toEqual({ keys: [expect.objectContaining({ alg: 'RS256', kid: 'local' })] });
  });

  it('takes a fault over HTTP, and refuses a bad one', async () => {
    const post = (body: object) => fetch(`${url}/dev/faults`, { method: 'POST', body: JSON.stringify(body) });
    expect((await post({ state: 'Nap', fault: 'crash' })).status).toBe(400);
    expect((await post({ state: 'CreateShipment', fault: 'timeout-after' })).status).toBe(202);
    const response = await fetch(`${url}/orders`, { method: 'POST', body: example('order') });
    const { orderId } = (await response.json()) as { orderId: string };
    expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED', failure: { error: 'States.Timeout' } });
  });

  it('serves the console, which may load nothing from elsewhere', async () => {
    const types: Record<string, string> = {
      '/': 'text/html; charset=utf-8',
      '/console.js': 'text/javascript; charset=utf-8',
      '/console.css': 'text/css; charset=utf-8',
      '/icon.svg': 'image/svg+xml',
    };
    for (const [path, type] of Object.entries(types)) {
      const response = await fetch(`${url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('content-security-policy')).toContain(
        "default-src 'none'; script-src 'self'",
      );
      expect((await response.text()).length).toBeGreaterThan(100);
    }
    expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(404);
  });

  it("shows an order's mails: their words, and each as a page that loads and runs nothing", async () => {
    const placed = await fetch(`${url}/orders`, { method: 'POST', body: example('order') });
    const { orderId } = (await placed.json()) as { orderId: string };
    await ended(orderId);
    interface Mail {
      readonly eventId: string;
      readonly orderId: string;
      readonly text: string;
    }
    const mailed = async (): Promise<Mail> => {
      for (;;) {
        const { mailbox } = (await (await fetch(`${url}/dev/worlds`)).json()) as { mailbox: Mail[] };
        const found = mailbox.find((each) => each.orderId === orderId);
        if (found) return found;
        await delay(20);
      }
    };
    const mail = await mailed();
    expect(mail).toMatchObject({ text: expect.stringContaining('In all: €25.00'), sent: 1 });
    expect(mail).not.toHaveProperty('html');
    const page = await fetch(`${url}/dev/mails/${encodeURIComponent(mail.eventId)}`);
    expect(await page.text()).toContain('<p>In all: €25.00</p>');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src/);
    expect((await fetch(`${url}/dev/mails/${orderId}`)).status).toBe(404);
  });

  it('tells the console what runs, what is on sale, and how things stand', async () => {
    const get = async (path: string) =>
      (await fetch(`${url}${path}`)).json() as Promise<Record<string, never>>;
    const { machines, timeScale } = await get('/dev/definition');
    expect(timeScale).toBe(0.02);
    const source = JSON.parse(readFileSync(join(root, 'statemachines/order-fulfillment.asl.json'), 'utf8'));
    expect(machines).toContainEqual({
      name: 'order-saga-dev-OrderFulfillment',
      definition: expect.objectContaining({ StartAt: source.StartAt }),
    });
    const fulfillment = (machines as unknown as Machine[]).find(({ name }) =>
      name.endsWith('OrderFulfillment'),
    );
    // As on AWS, and not as it is run here.
    expect(fulfillment?.definition.States.RefundPayment?.Retry).toEqual(source.States.RefundPayment.Retry);

    const seeded = JSON.parse(readFileSync(join(root, 'local/seed.json'), 'utf8'));
    expect((await get('/dev/catalogue')).products).toEqual(seeded);

    const { orders, reservations, ...books } = await get('/dev/worlds');
    expect(Object.keys(books)).toEqual(expect.arrayContaining(['charges', 'parcels', 'mailbox']));
    expect(orders).toContainEqual({
      orderId: expect.stringMatching(/^ord_/),
      totalCents: 2500,
      currency: 'EUR',
      items: expect.any(Array),
      outcome: expect.objectContaining({ status: 'CONFIRMED' }),
      open: false,
      isReachable: true,
    });
    expect(reservations).toContainEqual(expect.objectContaining({ state: 'RESERVED' }));
  });

  it('forgets faults', async () => {
    const faults = (method: string, body?: object) =>
      fetch(`${url}/dev/faults`, { method, ...(body && { body: JSON.stringify(body) }) });
    await faults('POST', { state: 'ChargePayment', fault: 'crash' });
    expect(await (await faults('DELETE')).json()).toEqual({ faults: [] });
    expect(await (await faults('GET')).json()).toEqual({ faults: [] });
  });

  it('prints what functions log, metrics among it', () => {
    expect(lines.some((line) => line.includes('"OrdersConfirmed":1'))).toBe(true);
  });

  it('ends cleanly', async () => {
    const exited = new Promise((resolve) => stack.once('exit', resolve));
    stack.kill('SIGTERM');
    expect(await exited).toBe(0);
  });
});

describe('npm start with a wrong configuration', () => {
  const failing = (...args: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [run, 'local/start.ts', ...args], {
      encoding: 'utf8',
    });
    return { status, stderr };
  };

  it('names every bad option', () => {
    const { status, stderr } = failing(
      ...['--port', 'http', '--time-scale', 'fast'],
      ...['--operators-port', '3001x', '--aws-port', '70000', '--step-functions-endpoint', 'localhost:8083'],
    );
    expect(status).toBe(2);
    expect(stderr).toContain('--port: "http" is not a number from 0 to 65535');
    expect(stderr).toContain('--time-scale: "fast" is not a number of 0 or more');
    expect(stderr).toContain('--operators-port: "3001x" is not a number from 0 to 65535');
    expect(stderr).toContain('--aws-port: "70000" is not a number from 0 to 65535');
    expect(stderr).toContain('--step-functions-endpoint: "localhost:8083" is not an http address');
  });

  it('says that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => other.once('listening', listening));
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = failing('--port', `${port}`);
    other.close();
    expect(status).toBe(1);
    expect(stderr).toContain(`port ${port} is in use; choose another with --port N`);
    expect(stderr).not.toContain('    at ');
  });
});
