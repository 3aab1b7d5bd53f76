import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Delivery } from '../../api/answers/deliveries.ts';
import { updateIf } from './conditional-write.ts';
import { allItems, documents, itemsByKeys } from './dynamodb.ts';
import { ResourceName } from './env.ts';

/** A claim on the delivery of one event to one listener. @property heldUntil ms since 1970 */
export type Claim = Pick<Delivery, 'orderId' | 'correlationId' | 'listener' | 'eventId' | 'type'> & {
  readonly heldUntil: number;
};

/**
 * Another attempt at this delivery is under way. It will end, or its claim will run out: Lambda is to try again later.
 */
export class DeliveryInProgressError extends Error {
  override readonly name = 'DeliveryInProgressError';
  constructor({ listener, eventId }: Claim) {
    super(`${listener} is at work on ${eventId}`);
  }
}

/** An attempt that holds the claim, to record how it ended. */
export interface Attempt {
  readonly done: () => Promise<void>;
  readonly failed: (error: string) => Promise<void>;
}

/** The environment of a function that deals with deliveries. */
export const DeliveriesEnv = z.object({
  DELIVERIES_TABLE: ResourceName,
  /** How long a delivery is remembered: longer than an archived event can be replayed. */
  REMEMBERED_DAYS: z.coerce.number().int().positive(),
  /** How often an event is given to a listener before it becomes a dead letter. */
  DELIVERY_ATTEMPTS: z.coerce.number().int().positive(),
});

/** Where a delivery lies, within its order. @property delivery `<listener>#<eventId>` */
export interface DeliveryKey {
  readonly orderId: string;
  readonly delivery: string;
}

/** As it is stored. @property heldUntil ms since 1970; there while an attempt is under way */
type DeliveryItem = Delivery & { readonly heldUntil?: number };

/** A page of deliveries. @property next where the next page begins; absent after the last one */
export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly next?: DeliveryKey;
}

/** The delivery as it is told. One whose claim has run out without an outcome belongs to a function that died. */
const seen = (delivery: DeliveryItem, maxAttempts: number, now: number): Delivery => {
  const { orderId, correlationId, listener, eventId, type, attempts, startedAt, endedAt } = delivery;
  const isDead = delivery.status === 'STARTED' && (delivery.heldUntil ?? 0) < now;
  const status = isDead ? (attempts < maxAttempts ? 'FAILED' : 'DEAD_LETTERED') : delivery.status;
  const error = isDead ? 'FunctionDied' : delivery.error;
  return {
    orderId,
    correlationId,
    listener,
    eventId,
    type,
    status,
    attempts,
    startedAt,
    ...(endedAt && { endedAt }),
    ...(error && { error }),
  };
};

const byStart = (a: Delivery, b: Delivery): number => a.startedAt.localeCompare(b.startedAt);

/**
 * The deliveries table, by `orderId` and `delivery`. The index `byCorrelationId` on `correlationId` and `orderId` holds
 * the keys alone, so that it is written once per delivery and not at each change of it.
 */
export const deliveryTable = ({
  DELIVERIES_TABLE: TableName,
  REMEMBERED_DAYS: rememberedDays,
  DELIVERY_ATTEMPTS: maxAttempts,
}: z.infer<typeof DeliveriesEnv>) => ({
  /**
   * Begins an attempt, unless the delivery is done.
   * @returns undefined where it is done, and nothing is left to do
   * @throws DeliveryInProgressError
   */
  claim: async (claim: Claim): Promise<Attempt | undefined> => {
    const { orderId, correlationId, listener, eventId, type, heldUntil } = claim;
    const Key = { orderId, delivery: `${listener}#${eventId}` } satisfies DeliveryKey;
    const now = Date.now();
    const update = (change: object) => documents.send(new UpdateCommand({ TableName, Key, ...change }));
    /** @returns how often it was begun; undefined where it is done */
    const begin = async (): Promise<number | undefined> => {
      const write = await updateIf({
        TableName,
        Key,
        UpdateExpression:
          'SET correlationId = :correlationId, listener = :listener, eventId = :eventId, #type = :type, ' +
          '#status = :started, startedAt = :at, heldUntil = :heldUntil, expiresAt = :expiresAt ' +
          'REMOVE endedAt, #error ADD attempts :one',
        ConditionExpression:
          'attribute_not_exists(#status) OR #status = :failed OR #status = :deadLettered OR (#status = :started AND heldUntil < :now)',
        ExpressionAttributeNames: { '#type': 'type', '#status': 'status', '#error': 'error' },
        ExpressionAttributeValues: {
          ':correlationId': correlationId,
          ':listener': listener,
          ':eventId': eventId,
          ':type': type,
          ':started': 'STARTED',
          ':failed': 'FAILED',
          ':deadLettered': 'DEAD_LETTERED',
          ':at': new Date(now).toISOString(),
          ':now': now,
          ':heldUntil': heldUntil,
          ':expiresAt': Math.floor(now / 1_000) + rememberedDays * 86_400,
          ':one': 1,
        },
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      if (write.isWritten) return Number(write.attributes.attempts);
      if (write.refusal.Item?.status?.S === 'DONE') return undefined;
      throw new DeliveryInProgressError(claim);
    };
    const attempts = await begin();
    if (attempts === undefined) return undefined;
    return {
      done: async () => {
        await update({
          UpdateExpression: 'SET #status = :done, endedAt = :at REMOVE heldUntil',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':done': 'DONE', ':at': new Date().toISOString() },
        });
      },
      failed: async (error) => {
        await update({
          UpdateExpression: 'SET #status = :failed, endedAt = :at, #error = :error REMOVE heldUntil',
          // If we are so late that another attempt has begun, the other's outcome counts.
          ConditionExpression: 'attempts = :ours',
          ExpressionAttributeNames: { '#status': 'status', '#error': 'error' },
          ExpressionAttributeValues: {
            ':failed': attempts < maxAttempts ? 'FAILED' : 'DEAD_LETTERED',
            ':at': new Date().toISOString(),
            ':error': error,
            ':ours': attempts,
          },
        });
      },
    };
  },

  /** Every delivery of an order's events, in the order in which they were last begun. */
  of: async (orderId: string): Promise<Delivery[]> => {
    const items = await allItems<DeliveryItem>((ExclusiveStartKey) =>
      documents.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'orderId = :orderId',
          ExpressionAttributeValues: { ':orderId': orderId },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      ),
    );
    return items.map((item) => seen(item, maxAttempts, Date.now())).sort(byStart);
  },

  /**
   * A page of the deliveries under a correlation id, order by order; within the page, in the order in which they were last
   * begun. One that was claimed for the first time just now may still be missing.
   * @param limit 1 to 100
   */
  under: async (
    correlationId: string,
    limit: number,
    from: DeliveryKey | undefined,
  ): Promise<DeliveryPage> => {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName,
        IndexName: 'byCorrelationId',
        KeyConditionExpression: 'correlationId = :correlationId',
        ExpressionAttributeValues: { ':correlationId': correlationId },
        Limit: limit,
        ExclusiveStartKey: from && { ...from, correlationId },
      }),
    );
    const keys = Items.map(({ orderId, delivery }) => ({ orderId, delivery }));
    const items = await itemsByKeys<DeliveryItem>(TableName, keys);
    const { orderId, delivery } = (LastEvaluatedKey ?? {}) as Partial<DeliveryKey>;
    return {
      deliveries: items.map((item) => seen(item, maxAttempts, Date.now())).sort(byStart),
      ...(orderId && delivery && { next: { orderId, delivery } }),
    };
  },
});
export type DeliveryTable = ReturnType<typeof deliveryTable>;
