import { ttlCache } from '../../runtime/ttl-cache.ts';
import type { OrderRecord } from '../order.ts';

/** Long enough that polling clients share one answer of the engine, short enough that nobody waits for news. */
const TTL_MS = 1_000;

/**
 * What the engine says of an order. However many clients poll, it is asked once a second. The state of the order's
 * record is part of the key: once the order is parked, resumed or ended, the engine is asked again.
 */
export const engineView = <Answer>() => {
  const cached = ttlCache<Answer>(TTL_MS);
  return (order: OrderRecord, ask: (order: OrderRecord) => Promise<Answer>): Promise<Answer> => {
    const { orderId, openSince, parkedAt, outcome } = order;
    return cached([orderId, openSince, parkedAt, outcome?.endedAt].join(' '), () => ask(order));
  };
};
