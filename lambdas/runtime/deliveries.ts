import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Delivery } from '../../api/answers/deliveries.ts';
import { updateIf } from './conditional-write.ts';
import { allItems, documents, itemsByKeys } from './dynamodb.ts';
import { ResourceName } from './env.ts';

/** What a claim takes: whose delivery of which event, and until when it holds (ms since 1970). */
export type Claim = Pick<Delivery, 'orderId' | 'correlationId' | 'listener' | 'eventId' | 'type'> & {
  readonly heldUntil: number;
};

/** Another attempt at this delivery is under way. It ends, or its claim does: this one is to come again. */
export class DeliveryInProgressError extends Error {
  override readonly name = 'DeliveryInProgressError';
  constructor({ listener, eventId }: Claim) {
    super(`${listener} is at work on ${eventId}`);
  }
}

/** Of an attempt that holds the claim: how it ended. */
export interface Attempt {
  readonly done: () => Promise<void>;
  readonly failed: (error: string) => Promise<void>;
}

/** What the stack tells whoever deals with deliveries. */
export const DeliveriesEnv = z.object({
  DELIVERIES_TABLE: ResourceName,
  /** How long a delivery is remembered. Longer than an archived event may be replayed. */
  REMEMBERED_DAYS: z.coerce.number().int().positive(),
  /** How often an event is given to a listener before it goes to its queue. */
  DELIVERY_ATTEMPTS: z.coerce.number().int().positive(),
});

/** Where a delivery lies, within its order. @property delivery `<listener>#<eventId>` */
export interface DeliveryKey {
  readonly orderId: string;
  readonly delivery: string;
}

/** As it lies in the table. @property heldUntil ms since 1970, while an attempt is under way */
type DeliveryItem = Delivery & { readonly heldUntil?: number };

/** Some of many. @property next where the next page begins; undefined after the last one */
export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly next?: DeliveryKey;
}

/** A delivery whose function died has said nothing more: its claim has run out. */
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
 * The deliveries table: `orderId`, and `delivery` within it; the index `byCorrelationId` on `correlationId` and `orderId`
 * holds the keys alone, so that it is written once a delivery, and not with each of its changes.
 */
export const deliveryTable = ({
  DELIVERIES_TABLE: TableName,
  REMEMBERED_DAYS: rememberedDays,
  DELIVERY_ATTEMPTS: maxAttempts,
}: z.infer<typeof DeliveriesEnv>) => ({
  /**
   * Begins an attempt, unless the delivery is done.
   * @returns undefined where it is: there is nothing to do
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
          // Where we are so late that another attempt has begun, what it says holds.
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
   * Some of the deliveries under a correlation id, order by order; those of a page in the order in which they were last
   * begun. One that has just been claimed for the first time may be missing yet.
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
