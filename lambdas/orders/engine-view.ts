import { sharedForAMoment } from '../runtime/moment.ts';
import type { OrderRecord } from './order.ts';

/** Long enough that clients who poll share what the engine says, short enough that nobody waits for news. */
const MOMENT_MS = 1_000;

/**
 * What the engine says of an order, asked once a moment however many clients poll. What is known of the order's record
 * is part of the key: once it is parked, resumed or ended, the engine is asked anew.
 */
export const engineView = <Answer>() => {
  const share = sharedForAMoment<Answer>(MOMENT_MS);
  return (order: OrderRecord, ask: (order: OrderRecord) => Promise<Answer>): Promise<Answer> => {
    const { orderId, openSince, parkedAt, outcome } = order;
    return share([orderId, openSince, parkedAt, outcome?.endedAt].join(' '), () => ask(order));
  };
};
