import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, expect, it } from '@jest/globals';
import * as z from 'zod';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { api } from '../../../lambdas/runtime/api.ts';
import { listener } from '../../../lambdas/runtime/listener.ts';
import { reaction } from '../../../lambdas/runtime/reaction.ts';
import { OrderTask, task } from '../../../lambdas/runtime/task.ts';
import { apiRequest } from '../api-requests.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';

beforeEach(() => {
  deliveriesInMemory();
});

/** Takes longer than the function has: where a boundary gave up before Lambda does, this would never be seen to end. */
let isDone = false;
const work = async () => {
  isDone = false;
  await delay(30);
  isDone = true;
  return { status: 200, body: {} };
};
const almostOver = { ...lambdaContext, getRemainingTimeInMillis: () => 6 };

it.each<[string, () => Promise<unknown>]>([
  ['task', () => task(OrderTask, work)({ orderId: 'ord_1', correlationId: 'corr-1' }, almostOver)],
  ['api', () => api(work)(apiRequest({ routeKey: 'ANY /test' }), almostOver)],
  [
    'listener',
    () =>
      listener([OrderConfirmed], async () => {
        await work();
      })({ 'detail-type': 'OrderConfirmed', detail: OrderConfirmed.example }, almostOver),
  ],
  ['reaction', () => reaction(z.unknown(), work)({}, almostOver)],
])('the boundary %s leaves it to Lambda to end an invocation', async (_, call) => {
  await call();
  expect(isDone).toBe(true);
});
