import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import middy from '@middy/core';
import type { Context, EventBridgeEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Contract, Detail } from '../../events/contract.ts';
import { dynamodb } from './dynamodb.ts';
import { env, ResourceName } from './env.ts';
import { InvalidInputError } from './errors.ts';
import { logger } from './logger.ts';

/** A delivery is remembered as long as an archived event may be replayed. */
const REMEMBERED_SECONDS = 90 * 24 * 60 * 60;

/** An event as a listener sees it: which one it is, and its detail. */
export type EventOf<C extends Contract> = C extends Contract ? { type: C['type'] } & Detail<C> : never;

/**
 * The boundary of a listener: the event by its contract, its correlation id on every log line, and the effect once
 * per event id, however often EventBridge delivers it. A claim in progress expires with the function's time-out, so a
 * crash half-way is delivered again; an effect should therefore itself be keyed by the event id where it can be.
 * @throws InvalidInputError naming each bad field; the event then goes to the dead-letter queue
 */
export const listener = <const C extends Contract>(
  contracts: readonly C[],
  effect: (event: EventOf<C>) => Promise<void>,
) => {
  const { DELIVERIES_TABLE } = env(z.object({ DELIVERIES_TABLE: ResourceName }));
  const once = makeIdempotent(
    async (event: unknown, _context: Context) => {
      const { 'detail-type': type, detail } = event as EventBridgeEvent<string, unknown>;
      const contract = contracts.find((known) => known.type === type);
      if (!contract) throw new InvalidInputError([`detail-type: ${type} is not one this listener knows`]);
      const parsed = contract.detail.safeParse(detail);
      if (!parsed.success) {
        throw new InvalidInputError(
          parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
        );
      }
      await effect({ type: contract.type, ...parsed.data } as EventOf<C>);
      logger.info('delivered');
    },
    {
      persistenceStore: new DynamoDBPersistenceLayer({
        tableName: DELIVERIES_TABLE,
        awsSdkV3Client: dynamodb,
      }),
      config: new IdempotencyConfig({
        eventKeyJmesPath: 'detail.metadata.eventId',
        throwOnNoIdempotencyKey: true,
        expiresAfterSeconds: REMEMBERED_SECONDS,
      }),
    },
  );
  return middy()
    .before(({ event }) => {
      const { detail } = event as EventBridgeEvent<string, Partial<Detail<Contract>>>;
      const { eventId, correlationId } = detail?.metadata ?? {};
      logger.resetKeys();
      logger.appendKeys({ eventId, correlationId });
    })
    .onError(({ error }) => {
      logger.error('delivery failed', { error: error?.name, reason: error?.message });
    })
    .handler((event: unknown, context: Context) => once(event, context));
};
