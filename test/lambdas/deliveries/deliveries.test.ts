import {
  DescribeReplayCommand,
  EventBridgeClient,
  ResourceNotFoundException,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { type ProblemName, typeOf } from '../../../api/problems.ts';
import { getReplay } from '../../../lambdas/deliveries/get-replay.ts';
import { listDeadLetters } from '../../../lambdas/deliveries/list-dead-letters.ts';
import { listDeliveries } from '../../../lambdas/deliveries/list-deliveries.ts';
import { redriveListener } from '../../../lambdas/deliveries/redrive-listener.ts';
import { startReplay } from '../../../lambdas/deliveries/start-replay.ts';
import { api } from '../../../lambdas/runtime/api.ts';
import type { DeadLetter } from '../../../lambdas/runtime/dead-letter.ts';
import type { DeliveryTable } from '../../../lambdas/runtime/deliveries.ts';
import { apiRequest, ask, type Request } from '../api-requests.ts';

const listeners = new Map([
  [
    'notify-customer',
    {
      functionName: 'NotifyCustomer',
      queueUrl: 'https://sqs.us-east-1.amazonaws.com/0/notify',
      ruleArn: 'arn:rule/notify',
    },
  ],
  [
    'log-event',
    {
      functionName: 'LogEvent',
      queueUrl: 'https://sqs.us-east-1.amazonaws.com/0/log',
      ruleArn: 'arn:rule/log',
    },
  ],
]);

/** What a route's work answers to an operator, within its boundary. */
const answer = (routeKey: string, work: Parameters<typeof api>[0], request: Partial<Request> = {}) =>
  ask(api(work), apiRequest({ routeKey, customerId: 'operator-1', ...request }));

const problem = (name: ProblemName) => ({ body: { type: typeOf(name) } });

/** A queue that holds so many events, ten at a time to take. */
const queueOf = (size: number) => {
  const removed: number[] = [];
  const waiting = Array.from({ length: size }, (_, index) => index);
  return {
    removed,
    queue: () => ({
      count: async () => size - removed.length,
      take: async () =>
        waiting.splice(0, 10).map((index) => ({
          event: { index },
          remove: async () => {
            removed.push(index);
          },
        })),
    }),
  };
};

describe('list-deliveries', () => {
  const under = jest.fn<DeliveryTable['under']>();
  const key = { orderId: 'ord_1', delivery: 'log-event#ord_1#OrderConfirmed' };
  beforeEach(() => {
    under.mockReset().mockResolvedValue({ deliveries: [], next: key });
  });
  const list = (correlationId: string, query = {}) =>
    answer('GET /ops/deliveries/{correlationId}', listDeliveries({ under }), {
      path: { correlationId },
      query,
    });

  it('looks under a correlation id, ours or one of the gateway’s, page by page', async () => {
    for (const id of ['web-4711', 'JKJaXmPLvHcESHA=']) {
      const { next: cursor } = (await list(id)).body;
      await list(id, { cursor });
      expect(under).toHaveBeenLastCalledWith(id, 20, key);
    }
  });

  it('goes on under no other correlation id', async () => {
    const { next: cursor } = (await list('web-4711')).body;
    await expect(list('web-4712', { cursor })).resolves.toMatchObject(problem('invalid-fields'));
  });

  it('goes on behind nothing that cannot be a key', async () => {
    under.mockResolvedValue({ deliveries: [], next: { ...key, orderId: 'x'.repeat(2_049) } });
    const { next: cursor } = (await list('web-4711')).body;
    await expect(list('web-4711', { cursor })).resolves.toMatchObject(problem('invalid-fields'));
  });

  it.each(['', 'two words', 'x'.repeat(2_049)])('finds nothing under %j, without a look', async (id) => {
    expect((await list(id)).body).toEqual({ deliveries: [] });
    expect(under).not.toHaveBeenCalled();
  });
});

describe('list-dead-letters', () => {
  const letter = { orderId: 'ord_1', error: 'OopsError', since: '2026-01-15T11:00:00.000Z' };
  const list = async (size: number) => {
    const peek = jest.fn<(most: number) => Promise<DeadLetter[]>>();
    peek.mockResolvedValue([{ ...letter, event: { secret: 'of the customer' } }]);
    const queue = (url: string) => ({ count: async () => (url.endsWith('log') ? size : 0), peek });
    return { ...(await answer('GET /ops/dead-letters', listDeadLetters(listeners, queue))), peek };
  };

  it('counts those of each listener, and tells of each which order, which event, and why', async () => {
    const { body, peek } = await list(2);
    expect(body).toEqual({
      listeners: [
        { listener: 'notify-customer', deadLetters: 0, letters: [] },
        { listener: 'log-event', deadLetters: 2, letters: [letter] },
      ],
    });
    expect(peek.mock.calls).toEqual([[2]]);
  });

  it('looks at fifty of them at most', async () => {
    expect((await list(7_000)).peek.mock.calls).toEqual([[50]]);
  });
});

describe('redrive-listener', () => {
  const redriving = (deps: Parameters<typeof redriveListener>[0]) => (listener: string) =>
    answer('POST /ops/listeners/{listener}/redrive', redriveListener(deps), { path: { listener } });

  it('gives the listener every dead letter, then takes it off the queue', async () => {
    const invokeLater = jest.fn<(name: string, event: unknown) => Promise<void>>().mockResolvedValue();
    const { queue, removed } = queueOf(25);
    const redrive = redriving({ listeners, queue, invokeLater });
    expect((await redrive('log-event')).body).toEqual({ redriven: 25, left: 0 });
    expect(invokeLater).toHaveBeenCalledTimes(25);
    expect(invokeLater).toHaveBeenCalledWith('LogEvent', { index: 24 });
    expect(removed).toHaveLength(25);
  });

  it.each(['constructor', '__proto__', 'toString', ''])('knows no listener %j', async (listener) => {
    const redrive = redriving({ listeners, queue: queueOf(0).queue, invokeLater: async () => {} });
    await expect(redrive(listener)).resolves.toMatchObject(problem('listener-not-found'));
  });

  it('leaves on the queue what it could not hand over', async () => {
    const { queue, removed } = queueOf(3);
    const invokeLater = async () => {
      throw new Error('throttled');
    };
    const redrive = redriving({ listeners, queue, invokeLater });
    await expect(redrive('log-event')).resolves.toMatchObject({ status: 500 });
    expect(removed).toEqual([]);
  });

  it('does part of a long queue, and says how much is left', async () => {
    const { queue } = queueOf(230);
    const redrive = redriving({ listeners, queue, invokeLater: async () => {} });
    expect((await redrive('log-event')).body).toEqual({ redriven: 200, left: 30 });
  });

  it('names the listeners there are, where it is asked for another', async () => {
    const redrive = redriving({ listeners, queue: queueOf(0).queue, invokeLater: async () => {} });
    await expect(redrive('send-survey')).resolves.toMatchObject({
      status: 404,
      body: { detail: 'there is no such listener; there are notify-customer, log-event' },
    });
  });
});

describe('start-replay', () => {
  const stack = { LISTENERS: listeners, ARCHIVE_ARN: 'arn:archive', ORDER_BUS_ARN: 'arn:bus' };
  const [from, to] = ['2026-01-15T09:00:00Z', '2026-01-15T10:00:00Z'];
  const start = async (body: object) => {
    const bus = mockClient(EventBridgeClient);
    bus.on(StartReplayCommand).resolves({ State: 'STARTING' });
    const started = await answer('POST /ops/replays', startReplay(bus as never, stack), { body });
    return { started, asked: bus.commandCalls(StartReplayCommand)[0]?.args[0].input };
  };

  it('replays what is archived of a time, to every rule of the bus', async () => {
    const { started, asked } = await start({ from, to });
    const { replay } = started.body;
    expect(started).toMatchObject({ status: 202, headers: { location: `/ops/replays/${replay}` } });
    expect(asked).toEqual({
      ReplayName: replay,
      EventSourceArn: 'arn:archive',
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: 'arn:bus' },
    });
  });

  it('replays to one listener alone', async () => {
    const { asked } = await start({ from, to, listener: 'log-event' });
    expect(asked?.Destination).toEqual({ Arn: 'arn:bus', FilterArns: ['arn:rule/log'] });
  });

  it('takes times to the millisecond', async () => {
    const { asked } = await start({ from, to: '2026-01-15T09:00:00.500Z' });
    expect(asked?.EventEndTime).toEqual(new Date('2026-01-15T09:00:00.500Z'));
  });

  it('refuses a time that ends before it begins, and a listener that is none', async () => {
    await expect(start({ from: to, to: from })).resolves.toMatchObject({
      started: { status: 400, body: { errors: [{ field: 'to' }] } },
    });
    for (const listener of ['nobody', '', 'constructor', '__proto__', 'valueOf'])
      await expect(start({ from, to, listener })).resolves.toMatchObject({
        started: problem('listener-not-found'),
      });
  });
});

describe('get-replay', () => {
  const bus = mockClient(EventBridgeClient);
  const replay = 'replay-7ec135cc-22bf-41fa-91cd-45f8b7e6763d';
  const get = (name: string) =>
    answer('GET /ops/replays/{replay}', getReplay(bus as never), { path: { replay: name } });

  it('tells how far it is', async () => {
    bus.on(DescribeReplayCommand).resolves({ State: 'RUNNING' });
    expect((await get(replay)).body).toEqual({
      replay,
      state: 'RUNNING',
    });
  });

  it.each(['', 'replay-nope', 'constructor', 'x'.repeat(2_049)])('does not ask for %j', async (name) => {
    bus.reset();
    await expect(get(name)).resolves.toMatchObject({ status: 404 });
    expect(bus.calls()).toEqual([]);
  });

  it('does not know a replay that is none', async () => {
    bus.on(DescribeReplayCommand).rejects(new ResourceNotFoundException({ message: '', $metadata: {} }));
    await expect(get(replay)).resolves.toMatchObject({ status: 404 });
  });
});
