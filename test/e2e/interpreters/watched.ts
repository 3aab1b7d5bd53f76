import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Entered } from './entered.ts';
import type { Hands, Scenario } from './scenario.ts';

const ORDER = JSON.parse(readFileSync(join(import.meta.dirname, '../../../examples/order.json'), 'utf8')) as {
  readonly shippingAddress: object;
};

const ARN = 'arn:aws:states:us-east-1:000000000000';
const machineOf = (number: number) =>
  `order-saga-dev-${number === 0 ? 'OrderFulfillment' : 'OrderContinuation'}`;
const nameOf = (orderId: string, number: number) => (number === 0 ? orderId : `${orderId}-${number}`);

/** What no two orders have in common: ids, tokens and times. */
const named = (text: string): string =>
  text
    .replace(/ord_[0-9a-f]{26}/g, 'ord')
    .replace(/SBXORD[0-9A-F]{26}/g, 'parcel')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/g, 'time');

/** An engine that others wrote may be slow: each look at an order is a look at its history there. */
const POLL_MS = 1_000;
/** How often a call is made that gets no answer, or says that the stack is at fault: what is placed has a key. */
const TRIES = 5;

/** An error as a function reports it, but for where it was thrown: another attempt may come another way. */
const withoutTrace = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'string' || !value.startsWith('{"errorType"')) return value;
  const { trace: _, ...error } = JSON.parse(value);
  return JSON.stringify(error);
};

/** A status comes in seconds, but for the day that is waited for, the time-out of a step, and a busy machine. */
export const PATIENCE_MS = 300_000;

/** A stack as whoever uses it sees it. @param at the address of a path */
export const watched = (at: (path: string) => string, awsEndpoint: string) => {
  const options = {
    endpoint: awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
  };
  const stepFunctions = new SFNClient(options);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(options));

  const ask = async (method: string, path: string, body?: object) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    for (let tries = 1; ; tries += 1) {
      const response = await fetch(at(path), {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Readonly<Record<string, unknown>>;
      if (response.ok) return answer;
      if (response.status < 500 || tries === TRIES)
        throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    }
  };
  const post = async (path: string, body: object): Promise<void> => {
    await ask('POST', path, body);
  };

  const place = async ({ wish: { postalCode, ...wish } = {}, faults = [] }: Scenario): Promise<string> => {
    for (const fault of faults) await post('/dev/faults', fault);
    const shippingAddress = { ...ORDER.shippingAddress, ...(postalCode && { postalCode }) };
    return String((await ask('POST', '/orders', { ...ORDER, ...wish, shippingAddress })).orderId);
  };
  const comeTo = async (orderId: string, status: string): Promise<void> => {
    const limit = Date.now() + PATIENCE_MS;
    for (;;) {
      const order = await ask('GET', `/ops/orders/${orderId}`);
      if (order.status === status) return;
      if (Date.now() > limit) throw new Error(`${orderId} is not ${status}: ${JSON.stringify(order)}`);
      await delay(POLL_MS);
    }
  };
  const execution = (orderId: string, number: number) =>
    `${ARN}:execution:${machineOf(number)}:${nameOf(orderId, number)}`;

  /** What the order's executions have entered, once the last of them has ended. */
  const entered = async (orderId: string): Promise<Entered[]> => {
    const all: Entered[] = [];
    for (let number = 0; ; number += 1) {
      const executionArn = execution(orderId, number);
      try {
        while (
          (await stepFunctions.send(new DescribeExecutionCommand({ executionArn }))).status === 'RUNNING'
        )
          await delay(POLL_MS);
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return all;
        throw error;
      }
      for await (const { events = [] } of paginateGetExecutionHistory(
        { client: stepFunctions },
        { executionArn },
      ))
        for (const { stateEnteredEventDetails } of events)
          if (stateEnteredEventDetails)
            all.push({
              execution: number,
              state: String(stateEnteredEventDetails.name),
              input: JSON.parse(named(stateEnteredEventDetails.input ?? 'null'), withoutTrace),
            });
    }
  };

  const stop = async (orderId: string): Promise<void> => {
    await stepFunctions.send(new StopExecutionCommand({ executionArn: execution(orderId, 0) }));
  };
  const startCancellation = async (orderId: string): Promise<void> => {
    await documents.send(
      new UpdateCommand({
        TableName: 'RecordsOrders',
        Key: { orderId },
        UpdateExpression: 'SET openSince = placedAt, lookedAt = placedAt',
      }),
    );
    const { input = '' } = await stepFunctions.send(
      new DescribeExecutionCommand({ executionArn: execution(orderId, 0) }),
    );
    await stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: `${ARN}:stateMachine:${machineOf(1)}:live`,
        name: nameOf(orderId, 1),
        input: JSON.stringify({
          ...JSON.parse(input),
          failure: { Error: 'CancelledByCustomer' },
          wasConfirmed: true,
          goOnFrom: 'CancelShipment',
        }),
      }),
    );
  };

  const hands: Hands = { post, stop, startCancellation };

  const through = async (orderId: string, { comesTo }: Scenario): Promise<Entered[]> => {
    for (const [status, act] of comesTo) {
      await comeTo(orderId, status);
      await act?.(hands, orderId);
    }
    return entered(orderId);
  };

  return {
    /** Takes an order through each of the scenarios, all at once: what it has entered, or what has gone wrong. */
    run: async (scenarios: readonly Scenario[]): Promise<Map<string, Promise<Entered[]>>> => {
      const placed: [Scenario, string][] = [];
      // A fault hits the order whose execution starts next: nothing is done to any before they are all placed.
      for (const scenario of scenarios) placed.push([scenario, await place(scenario)]);
      return new Map(
        placed.map(([scenario, orderId]) => {
          const run = through(orderId, scenario);
          run.catch(() => {});
          return [scenario.what, run];
        }),
      );
    },
  };
};
