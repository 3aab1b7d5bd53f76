import { describe, expect, it } from '@jest/globals';
import { countAbnormalEnd, countOpen } from '../../../../lambdas/orders/workflow/order-metrics.ts';
import { logLinesOf } from '../../log-lines.ts';
import { placedOrder } from '../placed-orders.ts';

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const open = (orderId: string, minutes: number) => placedOrder({ orderId, openSince: ago(minutes) });
const counted = async (...orders: Parameters<typeof countOpen>[0]) =>
  logLinesOf(async () => countOpen(orders));

describe('what is counted of the orders that have not ended', () => {
  it('is how many there are, how many wait for an operator, and how many do neither', async () => {
    const parked = { ...open('ord_parked', 600), parkedAt: ago(590) };
    const [line] = await counted(parked, open('ord_new', 1), open('ord_slow', 59), open('ord_lost', 61));
    expect(line).toMatchObject({ OrdersOpen: 4, OrdersParked: 1, OrdersOverdue: 1 });
  });

  it('counts one as overdue, also a parked one, that nobody has looked at for an hour', async () => {
    const parked = { ...open('ord_parked', 600), parkedAt: ago(590) };
    const [line] = await counted({ ...parked, lookedAt: ago(61) }, { ...parked, lookedAt: ago(59) });
    expect(line).toMatchObject({ OrdersOpen: 2, OrdersParked: 2, OrdersOverdue: 1 });
  });

  it('does not count as overdue what waits for its customer, or a bank, for days', async () => {
    const waits = { ...open('ord_waits', 600), awaits: 'AwaitDebit' };
    const [line] = await counted({ ...waits, lookedAt: ago(5) }, { ...waits, lookedAt: ago(61) });
    expect(line).toMatchObject({ OrdersOpen: 2, OrdersParked: 0, OrdersOverdue: 1 });
  });

  it('is none where there is none, so that an alarm ends', async () => {
    const lines = await counted();
    expect(lines).toMatchObject([{ OrdersOpen: 0, OrdersParked: 0, OrdersOverdue: 0 }]);
  });

  it('has one dimension alone, and names the overdue orders beside it', async () => {
    const [line, named] = await counted(open('ord_lost', 61));
    expect(line).toMatchObject({
      service: 'orders',
      _aws: { CloudWatchMetrics: [{ Namespace: 'OrderSaga', Dimensions: [['service']] }] },
    });
    expect(named).toMatchObject({ level: 'WARN', message: 'orders overdue', orderIds: ['ord_lost'] });
  });
});

it('an abnormal end is counted without a dimension of its own, and says whose it was', async () => {
  const ended = {
    machine: 'continuation',
    name: 'ord_1-2',
    number: 2,
    abnormalEnds: 1,
    end: 'ABNORMAL',
    reason: 'States.Runtime',
  } as const;
  await expect(logLinesOf(async () => countAbnormalEnd(placedOrder(), ended))).resolves.toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'OrderSaga',
            Dimensions: [['service']],
            Metrics: [{ Name: 'AbnormalEnds', Unit: 'Count' }],
          },
        ],
      },
      service: 'orders',
      AbnormalEnds: 1,
      orderId: 'ord_1',
      correlationId: 'corr-1',
      execution: 'ord_1-2',
      reason: 'States.Runtime',
    },
  ]);
});
