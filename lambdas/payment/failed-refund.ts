import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logger } from '../runtime/logger.ts';
import { orderMetrics } from '../runtime/metrics.ts';
import { PAYMENT_STATES, paymentEntry } from './payment-ledger.ts';
import type { PaymentNotice, PaymentProvider } from './provider.ts';

/**
 * Counts a refund that has come back, by what the provider then says: the order has ended long ago, its books say that
 * nothing was kept, and only a person can find another way to its customer. What was settled by hand is theirs already.
 * @throws PaymentProviderUnavailableError
 */
export const failedRefunds =
  ({
    table,
    provider,
  }: {
    readonly table: string;
    readonly provider: Pick<PaymentProvider, 'isGivenBack'>;
  }) =>
  async ({ orderId, intentId }: Pick<PaymentNotice, 'orderId' | 'intentId'>): Promise<void> => {
    const entry = await paymentEntry(table, orderId);
    if (entry?.handle !== intentId || entry.state !== PAYMENT_STATES.undone || entry.resolution) return;
    if (await provider.isGivenBack({ orderId, intentId })) return;
    const { correlationId } = entry;
    logger.error('refund failed', { orderId, correlationId, intentId });
    const metrics = orderMetrics();
    metrics.addMetric('RefundsFailed', MetricUnit.Count, 1);
    for (const [name, id] of Object.entries({ orderId, correlationId })) metrics.addMetadata(name, id);
    metrics.publishStoredMetrics();
  };
