import { describe, expect, it } from '@jest/globals';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { OrderKept } from '../../../events/order-kept.ts';
import { recordMetrics } from '../../../lambdas/listeners/record-metrics.ts';
import { logLinesOf } from '../log-lines.ts';

const confirmed = { type: 'OrderConfirmed' as const, ...OrderConfirmed.example };
const cancelled = { type: 'OrderCancelled' as const, ...OrderCancelled.example };

describe('record-metrics', () => {
  it('writes orders and revenue by currency, as one line of embedded metrics', async () => {
    await expect(logLinesOf(() => recordMetrics(confirmed))).resolves.toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'OrderSaga',
              Dimensions: [['service', 'currency']],
              Metrics: [
                { Name: 'OrdersConfirmed', Unit: 'Count' },
                { Name: 'RevenueCents', Unit: 'None' },
              ],
            },
          ],
        },
        service: 'orders',
        currency: 'EUR',
        OrdersConfirmed: 1,
        RevenueCents: 2500,
        correlationId: confirmed.metadata.correlationId,
      },
    ]);
  });

  it('writes cancellations by reason', async () => {
    await expect(logLinesOf(() => recordMetrics(cancelled))).resolves.toMatchObject([
      {
        _aws: {
          CloudWatchMetrics: [
            {
              Dimensions: [['service', 'reason']],
              Metrics: [{ Name: 'OrdersCancelled', Unit: 'Count' }],
            },
          ],
        },
        reason: 'PaymentDeclinedError',
        OrdersCancelled: 1,
        correlationId: cancelled.metadata.correlationId,
      },
    ]);
  });

  it.each(['CancelledByCustomer', 'CancelledByOperator'])(
    'writes what goes back of the revenue where a confirmed order is cancelled: %s',
    async (reason) => {
      const byPerson = { ...cancelled, data: { ...cancelled.data, reason } };
      await expect(logLinesOf(() => recordMetrics(byPerson))).resolves.toMatchObject([
        { currency: 'EUR', RefundedCents: 2500 },
        { reason, OrdersCancelled: 1 },
      ]);
    },
  );

  it('counts what was kept, and neither revenue, as that is counted, nor a refund', async () => {
    const kept = { type: 'OrderKept' as const, ...OrderKept.example };
    const [line, ...others] = await logLinesOf(() => recordMetrics(kept));
    expect(others).toEqual([]);
    expect(line).toMatchObject({ OrdersKept: 1, correlationId: kept.metadata.correlationId });
    expect(line).not.toHaveProperty('RevenueCents');
    expect(line).not.toHaveProperty('RefundedCents');
  });

  it('writes nothing as gone back of an order that was never confirmed', async () => {
    const lines = await logLinesOf(() => recordMetrics(cancelled));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toHaveProperty('RefundedCents');
  });

  it('carries nothing over from one event to the next', async () => {
    const [first, second] = await logLinesOf(async () => {
      await recordMetrics(cancelled);
      await recordMetrics(confirmed);
    });
    expect(first).not.toHaveProperty('RevenueCents');
    expect(second).not.toHaveProperty('reason');
    expect(second).not.toHaveProperty('OrdersCancelled');
  });
});
