import * as z from 'zod';
import { FraudThresholds } from '../../configuration/fraud-thresholds.ts';
import { Json } from '../../configuration/json.ts';
import { type Detail, eventIdOf } from '../../events/contract.ts';
import { FraudSuspected } from '../../events/fraud-suspected.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { publisher } from '../runtime/event-bus.ts';
import { type EventOf, listener } from '../runtime/listener.ts';
import { fraudSignals } from './fraud-rules.ts';

interface Deps {
  readonly publish: (contract: typeof FraudSuspected, detail: Detail<typeof FraudSuspected>) => Promise<void>;
  readonly thresholds: FraudThresholds;
}

/**
 * Looks at every confirmed order, and publishes a suspicion where a rule is met. It holds nothing up: the order is already
 * on its way. One that was cancelled in the meantime is suspected all the same, and `flag-for-review` leaves it alone.
 */
export const assessFraud =
  ({ publish, thresholds }: Deps) =>
  async (order: EventOf<typeof OrderConfirmed>) => {
    const signals = fraudSignals(order.data, thresholds);
    if (signals.length === 0) return;
    const { orderId, customerId } = order.data;
    const { eventId, correlationId } = order.metadata;
    await publish(FraudSuspected, {
      metadata: {
        eventId: eventIdOf(FraudSuspected, orderId),
        correlationId,
        causationId: eventId,
        schemaVersion: FraudSuspected.version,
        occurredAt: new Date().toISOString(),
      },
      data: { orderId, customerId, signals },
    });
  };

const { ORDER_BUS, FRAUD_THRESHOLDS } = env(
  z.object({ ORDER_BUS: ResourceName, FRAUD_THRESHOLDS: Json.pipe(FraudThresholds) }),
);
export const handler = listener(
  [OrderConfirmed],
  assessFraud({ publish: publisher(ORDER_BUS), thresholds: FRAUD_THRESHOLDS }),
);
