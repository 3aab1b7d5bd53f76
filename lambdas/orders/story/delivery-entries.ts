import type { DeadLetter, Delivery } from '../../../api/answers/deliveries.ts';
import type { DeliveryEntry } from '../../../api/answers/timeline.ts';

const OUTCOMES = {
  STARTED: 'started',
  DONE: 'done',
  FAILED: 'failed',
  DEAD_LETTERED: 'dead-lettered',
} as const;

/** An event that lies in a listener's dead-letter queue. */
export type LostDelivery = DeadLetter & { readonly listener: string };

const onRecord = (delivery: Delivery): DeliveryEntry => {
  const { listener, eventId, type, status, attempts, startedAt, endedAt, error } = delivery;
  return {
    at: startedAt,
    kind: 'delivery',
    name: listener,
    outcome: OUTCOMES[status],
    detail: {
      eventId,
      type,
      attempts,
      ...(endedAt && { durationMs: Date.parse(endedAt) - Date.parse(startedAt) }),
      ...(error && { error }),
    },
  };
};

const inQueue = (lost: LostDelivery, attempts = 0): DeliveryEntry => ({
  at: lost.since,
  kind: 'delivery',
  name: lost.listener,
  outcome: 'dead-lettered',
  detail: { eventId: lost.eventId ?? '', type: lost.type ?? '', attempts, error: lost.error },
});

/**
 * What became of the order's events: from our records, and from the queues where these know more. A function that could
 * not start at all has left no record; one that could not start again has not recorded its end. A dead letter no longer
 * counts once its event has been dealt with.
 */
export const deliveryEntries = (
  deliveries: readonly Delivery[],
  lost: readonly LostDelivery[],
): DeliveryEntry[] => {
  const entries = new Map(deliveries.map((each) => [`${each.listener} ${each.eventId}`, onRecord(each)]));
  for (const letter of lost) {
    const key = `${letter.listener} ${letter.eventId}`;
    const known = entries.get(key);
    if (known?.outcome === 'done' || known?.outcome === 'dead-lettered') continue;
    entries.set(key, inQueue(letter, known?.detail.attempts));
  }
  return [...entries.values()];
};
