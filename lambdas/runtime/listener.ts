import type { Context, EventBridgeEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Contract, Detail } from '../../events/contract.ts';
import { boundary } from './boundary.ts';
import { DeliveriesEnv, deliveryTable } from './deliveries.ts';
import { env } from './env.ts';
import { InvalidInputError } from './errors.ts';
import { failure, logger } from './logger.ts';
import { validInput } from './valid-input.ts';

/** An event as a listener sees it: which one it is, and its detail. */
export type EventOf<C extends Contract> = C extends Contract ? { type: C['type'] } & Detail<C> : never;

/** What every event of ours has, in any version: enough to claim and record its delivery. */
const Envelope = z.object({
  'detail-type': z.string().min(1),
  detail: z.object({
    metadata: z.object({ eventId: z.string().min(1), correlationId: z.string().min(1) }),
    data: z.object({ orderId: z.string().min(1) }),
  }),
});

/**
 * The boundary of a listener. It checks the event against its contract, puts the correlation id on every log line, records
 * the delivery, and lets the effect happen once per event id, however often EventBridge delivers it. A function that dies
 * half-way leaves a claim that runs out with the function's time, and the event comes again. Where possible the effect
 * itself is keyed by the event id, to cover the moment between the effect and its record.
 * @throws InvalidInputError naming each bad field; DeliveryInProgressError. Lambda then tries again; an event that fails
 *   for good goes to the listener's dead-letter queue
 */
export const listener = <const C extends Contract>(
  contracts: readonly C[],
  effect: (event: EventOf<C>) => Promise<void>,
) => {
  const { POWERTOOLS_SERVICE_NAME: name, ...options } = env(
    DeliveriesEnv.extend({ POWERTOOLS_SERVICE_NAME: z.string().min(1) }),
  );
  const deliveries = deliveryTable(options);

  const react = async (type: string, detail: unknown): Promise<void> => {
    const { schemaVersion } = (detail as Detail<Contract>).metadata;
    const contract = contracts.find((known) => known.type === type && known.version === schemaVersion);
    if (!contract)
      throw new InvalidInputError([
        `detail-type: ${type} in version ${schemaVersion} is not one this listener knows`,
      ]);
    await effect({ type: contract.type, ...validInput(contract.detail, detail) } as EventOf<C>);
  };

  return boundary()
    .before(({ event }) => {
      const { detail } = event as EventBridgeEvent<string, Partial<Detail<Contract>>>;
      const { eventId, correlationId } = detail?.metadata ?? {};
      logger.resetKeys();
      logger.appendKeys({ orderId: detail?.data?.orderId, eventId, correlationId });
    })
    .onError(({ error }) => {
      logger.error('delivery failed', failure(error as Error));
    })
    .handler(async (event: unknown, context: Context) => {
      const { 'detail-type': type, detail: known } = validInput(Envelope, event);
      const attempt = await deliveries.claim({
        ...known.metadata,
        ...known.data,
        listener: name,
        type,
        heldUntil: Date.now() + context.getRemainingTimeInMillis(),
      });
      if (!attempt) {
        logger.info('delivered before');
        return;
      }
      try {
        await react(type, (event as EventBridgeEvent<string, unknown>).detail);
      } catch (error) {
        await attempt.failed((error as Error).name).catch(({ name }: Error) => {
          logger.warn('failure not on record', { error: name });
        });
        throw error;
      }
      await attempt.done();
      logger.info('delivered');
    });
};
