import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Queues } from '../../local/aws/events/queues.ts';
import { concurrency } from '../../local/aws/lambda/concurrency.ts';
import { deliveries } from '../../local/aws/lambda/deliveries.ts';
import { functions } from '../../local/aws/lambda/functions.ts';
import type { DeliveryFaultPlan } from '../../local/faults/delivery-faults.ts';
import { chance } from '../../local/faults/strictness.ts';
import type { HttpRequest, HttpResponse } from '../../local/http.ts';
import { journal } from '../../local/journal.ts';
import type { Resource } from '../../local/template.ts';

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:order-saga-dev-${name}`;
const ARN = arnOf('Slow');

/** Hangs, dies or answers, as its event says; `count` is how often its sandbox was asked. */
const BUNDLE = `
let count = 0;
export const handler = async ({ ms = 0, exit, ask }) => {
  count += 1;
  if (exit) process.exit(1);
  if (ask) {
    const { DynamoDBClient, GetItemCommand } = await import(ask);
    const client = new DynamoDBClient({ maxAttempts: 2 });
    return client.send(new GetItemCommand({ TableName: 'T', Key: { key: { S: 'a' } } })).then(
      ({ Item }) => ({ Item }),
      ({ name, $metadata }) => ({ name, attempts: $metadata.attempts }),
    );
  }
  await new Promise((resolve) => setTimeout(resolve, ms));
  return { count };
};`;

const resourceOf = (name: string, Timeout: number) =>
  ({
    logicalId: name,
    type: 'AWS::Lambda::Function',
    assetPath: 'asset',
    properties: {
      FunctionName: `order-saga-dev-${name}`,
      Handler: 'index.handler',
      Timeout,
      MemorySize: 512,
    },
  }) as unknown as Resource;

let directory: string;
let lambda: ReturnType<typeof functions>;
const killed: string[] = [];
/** What the functions ask of AWS, and what they are answered, one after the other. */
const asked: HttpRequest[] = [];
const answers: (HttpResponse | undefined)[] = [];
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'order-saga-functions-'));
  mkdirSync(join(directory, 'asset'));
  writeFileSync(join(directory, 'asset/index.mjs'), BUNDLE);
  lambda = functions({
    resources: [resourceOf('Slow', 2), resourceOf('Asking', 30)],
    assemblyDirectory: directory,
    awsEndpoint: 'http://127.0.0.1:1',
    serve: async (request) => {
      asked.push(request);
      return answers.shift();
    },
    onLog: () => {},
    chance: chance(),
    onKilled: (requestId) => killed.push(requestId),
  });
});
afterAll(async () => {
  await lambda.close();
  rmSync(directory, { recursive: true, force: true });
});

it('a function that runs out of time is ended by that name, and none of its calls is served any more', async () => {
  const { error } = await lambda.invoke(ARN, { ms: 60_000 }, 'request-1');
  expect(error).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: 'RequestId: request-1 Error: Task timed out after 2.00 seconds',
  });
  expect(killed).toEqual(['request-1']);
});

it('the next invocation after that starts in a sandbox of its own', async () => {
  await lambda.invoke(ARN, {});
  await lambda.invoke(ARN, { ms: 60_000 });
  await expect(lambda.invoke(ARN, {})).resolves.toEqual({ result: { count: 1 } });
});

it('others that are at work beside it come to their end', async () => {
  const [late, beside] = await Promise.all([
    lambda.invoke(ARN, { ms: 60_000 }),
    lambda.invoke(ARN, { ms: 100 }),
  ]);
  expect(late.error?.errorType).toBe('Sandbox.Timedout');
  expect(beside.error).toBeUndefined();
});

it('a function that dies is told of as a runtime that exited', async () => {
  const { error } = await lambda.invoke(ARN, { exit: true });
  expect(error?.errorType).toBe('Runtime.ExitError');
  await expect(lambda.invoke(ARN, {})).resolves.toEqual({ result: { count: 1 } });
});

/** As JSON, with what is around it: so many bytes. */
const eventOf = (bytes: number) => ({ ms: 0, text: 'x'.repeat(bytes - '{"ms":0,"text":""}'.length) });
const LARGEST = 6 * 1_024 * 1_024;

it('a function is not invoked with more than 6 MB', async () => {
  await expect(lambda.invoke(ARN, eventOf(LARGEST))).resolves.toHaveProperty('result');
  await expect(async () => lambda.invoke(ARN, eventOf(LARGEST + 1))).rejects.toMatchObject({
    name: 'RequestTooLargeException',
    message: `Request must be smaller than ${LARGEST} bytes for the InvokeFunction operation`,
    status: 413,
  });
});

it('an invocation that nobody waits for is given 1 MB at most', async () => {
  const later = deliveries({
    resources: [],
    functions: lambda,
    concurrency: concurrency(),
    queues: {} as Queues,
    journal: journal(undefined),
    faults: { take: () => false } as unknown as DeliveryFaultPlan,
    chance: chance(),
    timeScale: 0,
  });
  later.invoke(ARN, eventOf(1_024 * 1_024));
  expect(() => later.invoke(ARN, eventOf(1_024 * 1_024 + 1))).toThrow(
    'Request must be smaller than 1048576 bytes for the InvokeFunction operation',
  );
  while (later.underWay() > 0) await delay(5);
});

// Nobody listens at the address of the endpoint: what the functions ask comes all the same.
const ask = () => lambda.invoke(arnOf('Asking'), { ask: import.meta.resolve('@aws-sdk/client-dynamodb') });
const json = (status: number, body: object): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
});

it('a function’s calls of AWS are served as they were signed and sent', async () => {
  answers.push(json(200, { Item: { key: { S: 'ä' } } }));
  await expect(ask()).resolves.toEqual({ result: { Item: { key: { S: 'ä' } } } });
  const { method, url, headers, body } = asked.at(-1) as HttpRequest;
  expect([method, url.href]).toEqual(['POST', 'http://127.0.0.1:1/']);
  expect(headers).toMatchObject({
    'x-amz-target': 'DynamoDB_20120810.GetItem',
    authorization: expect.stringContaining('Credential=order-saga-dev-Asking/'),
  });
  expect(JSON.parse(String(body))).toEqual({ TableName: 'T', Key: { key: { S: 'a' } } });
});

it('a call that is not answered is made again', async () => {
  answers.push(undefined, json(200, { Item: { key: { S: 'b' } } }));
  await expect(ask()).resolves.toEqual({ result: { Item: { key: { S: 'b' } } } });
});

it('a refusal is told by its name', async () => {
  answers.push(json(400, { __type: 'AccessDeniedException', message: 'no' }));
  await expect(ask()).resolves.toEqual({ result: { name: 'AccessDeniedException', attempts: 1 } });
});
