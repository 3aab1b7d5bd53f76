import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Queues } from '../../local/aws/events/queues.ts';
import { concurrency } from '../../local/aws/lambda/concurrency.ts';
import { deliveries as deliveriesOf } from '../../local/aws/lambda/deliveries.ts';
import type { Functions } from '../../local/aws/lambda/functions.ts';
import { deliveryFaultPlan } from '../../local/faults/delivery-faults.ts';
import { chance, strictest } from '../../local/faults/strictness.ts';
import { journal } from '../../local/journal.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:order-saga-dev-LogEvent';
const eventOf = (orderId: string) => ({ 'detail-type': 'OrderConfirmed', detail: { data: { orderId } } });

/** Deliveries that take no time, to a function that does as it is told here. */
const deliveriesWith = (functions: Pick<Functions, 'invoke'>, luck = chance()) =>
  deliveriesOf({
    resources: [],
    functions: functions as Functions,
    concurrency: concurrency(),
    queues: {} as Queues,
    faults: deliveryFaultPlan(),
    chance: luck,
    journal: journal(undefined),
    timeScale: 0,
  });

/** The orders whose events came, in their order. */
const heard = async (luck: ReturnType<typeof chance>): Promise<string[]> => {
  const orders: string[] = [];
  const deliveries = deliveriesWith(
    {
      invoke: async (_, event) => {
        orders.push((event as ReturnType<typeof eventOf>).detail.data.orderId);
        return {};
      },
    },
    luck,
  );
  for (let order = 0; order < 30; order += 1) deliveries.deliver(ARN, eventOf(`ord_${order + 10}`));
  while (deliveries.underWay() > 0) await delay(5);
  return orders;
};

it('come each once and in their order, unless asked otherwise', async () => {
  const orders = await heard(chance());
  expect(orders).toHaveLength(30);
  expect(orders).toEqual([...orders].sort());
});

it('come again and out of order, the same ones by the same seed, and none is lost', async () => {
  const orders = await heard(chance(strictest()));
  expect(new Set(orders).size).toBe(30);
  expect(orders.length).toBeGreaterThan(30);
  const first = [...new Set(orders)];
  expect(first).not.toEqual([...first].sort());
  expect((await heard(chance(strictest()))).sort()).toEqual([...orders].sort());
});

it('a retry comes after the attempts that it met have ended, however long they take', async () => {
  let isHeld = false;
  const calls: string[] = [];
  const deliveries = deliveriesWith({
    invoke: async () => {
      if (isHeld) {
        calls.push('in progress');
        return { error: { errorType: 'DeliveryInProgressError', errorMessage: '', trace: [] } };
      }
      calls.push('begun');
      isHeld = true;
      await delay(1_200);
      isHeld = false;
      return {};
    },
  });
  for (let copy = 0; copy < 2; copy += 1) deliveries.deliver(ARN, eventOf('ord_1'));
  while (deliveries.underWay() > 0) await delay(5);
  expect(calls).toEqual(['begun', 'in progress', 'begun']);
});
