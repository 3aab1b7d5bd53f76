import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { updateIf } from '../runtime/conditional-write.ts';
import { closedAs, type Outcome, UNCANCELLED } from '../runtime/outcome.ts';
import type { GoOnFrom } from './go-on-from.ts';
import type { OrderRecord, Parking, Resumption, Wait } from './order.ts';
import type { Waiting } from './order-lists.ts';

/** A key that sorts like the waits. */
const waitKey = ({ parkedAt, retries }: Wait) => `${parkedAt}#${String(retries).padStart(3, '0')}`;

/**
 * By where an order goes on: the condition that it has not yet come to the end that lies there (confirmed, kept,
 * undone).
 */
const UNTOLD: Readonly<
  Record<GoOnFrom, Pick<typeof UNCANCELLED, 'condition'> & Partial<typeof UNCANCELLED>>
> = {
  PublishOrderConfirmed: { condition: 'attribute_not_exists(outcome)' },
  KeepShipment: { condition: 'attribute_exists(openSince)' },
  CancelShipment: UNCANCELLED,
};

/**
 * The changes of an order after it was placed. Each is one write, under the condition that the order is as its writer
 * has read it.
 */
export const orderChanges = (table: string) => {
  /** @returns what the change asks to be returned; undefined where the condition does not hold */
  const changed = async (orderId: string, change: Partial<UpdateCommandInput>) => {
    const write = await updateIf({ TableName: table, Key: { orderId }, ...change });
    return write.isWritten ? write.attributes : undefined;
  };
  /** @returns whether the condition held */
  const update = async (orderId: string, change: Partial<UpdateCommandInput>): Promise<boolean> =>
    (await changed(orderId, change)) !== undefined;

  return {
    /**
     * Records that the order waits for an operator. It does not where the order has come to its end in the meantime, nor
     * for a late call: the wait that it would record is over, and its token dead.
     * @param from where the order goes on; the end that lies there has not been published yet
     */
    park: (orderId: string, wait: Wait, parking: Parking, from: GoOnFrom): Promise<boolean> => {
      const { condition, names, values } = UNTOLD[from];
      return update(orderId, {
        UpdateExpression:
          'SET parkedAt = :parkedAt, parking = :parking, lastWait = :wait, resumptions = if_not_exists(resumptions, :none)',
        ConditionExpression: [
          'attribute_exists(orderId)',
          condition,
          '(attribute_not_exists(lastWait) OR lastWait <= :wait)',
          // The same wait again, while it lasts, is a call that is repeated because its answer was lost.
          '(attribute_not_exists(lastWait) OR lastWait <> :wait OR attribute_exists(parkedAt))',
        ].join(' AND '),
        ...(names && { ExpressionAttributeNames: names }),
        ExpressionAttributeValues: {
          ':parkedAt': wait.parkedAt,
          ':parking': parking,
          ':wait': waitKey(wait),
          ':none': {},
          ...values,
        },
      });
    },

    /** Records that everybody was told of the wait that began at `parkedAt`. */
    told: (orderId: string, parkedAt: string): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'SET parking.isTold = :true',
        ConditionExpression: 'parkedAt = :parkedAt',
        ExpressionAttributeValues: { ':parkedAt': parkedAt, ':true': true },
      }),

    /**
     * Records an operator's word to an order that waits. Of several, the first one counts. It is recorded before it is
     * acted upon, so that it stays on record whatever becomes of the order. A word that was abandoned half-way, or whose
     * effect is in doubt, is replaced.
     * @param staleBefore RFC 3339, UTC: a word from before that time was abandoned
     * @returns `first`; `repeated`, where an earlier word may already have taken effect; `lost`, where another one is being
     *   acted upon, or the order no longer waits as it did
     */
    resume: async (
      orderId: string,
      parkedAt: string,
      resumption: Resumption,
      staleBefore: string,
    ): Promise<'first' | 'repeated' | 'lost'> => {
      const word = (ConditionExpression: string, values: object, names: object = {}) =>
        update(orderId, {
          UpdateExpression: 'SET resumptions.#parkedAt = :resumption',
          ConditionExpression: `parkedAt = :parkedAt AND ${ConditionExpression}`,
          ExpressionAttributeNames: { '#parkedAt': parkedAt, ...names },
          ExpressionAttributeValues: { ':parkedAt': parkedAt, ':resumption': resumption, ...values },
        });
      if (await word('attribute_not_exists(resumptions.#parkedAt)', {})) return 'first';
      const isRepeated = await word(
        '(resumptions.#parkedAt.#at < :stale OR resumptions.#parkedAt.isInDoubt = :true)',
        { ':stale': staleBefore, ':true': true },
        { '#at': 'at' },
      );
      return isRepeated ? 'repeated' : 'lost';
    },

    /** Records that the engine was asked to go on and has not answered: the next operator's word need not wait. */
    doubtResumption: (orderId: string, parkedAt: string, { at }: Resumption): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'SET resumptions.#parkedAt.isInDoubt = :true',
        ConditionExpression: 'resumptions.#parkedAt.#at = :at',
        ExpressionAttributeNames: { '#parkedAt': parkedAt, '#at': 'at' },
        ExpressionAttributeValues: { ':at': at, ':true': true },
      }),

    /** Ends this wait on record. Another wait, or the same one under a later token, is left alone. */
    unpark: (orderId: string, parkedAt: string, { token }: Parking): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'REMOVE parkedAt, parking',
        ConditionExpression: `parkedAt = :parkedAt AND ${token ? 'parking.#token = :token' : 'attribute_not_exists(parking.#token)'}`,
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':parkedAt': parkedAt, ...(token && { ':token': token }) },
      }),

    /**
     * Opens a confirmed order again, to be cancelled.
     * @param confirmed the outcome that was read
     * @returns false where it has ended again since
     */
    reopen: (orderId: string, { endedAt }: Outcome, openSince: string, by: string): Promise<boolean> =>
      update(orderId, {
        // Its turn begins anew: whoever looked at it before can no longer settle it.
        UpdateExpression:
          'SET openSince = if_not_exists(openSince, :openSince), lookedAt = :openSince, cancelling = if_not_exists(cancelling, :cancelling)',
        ConditionExpression: 'outcome.endedAt = :endedAt AND outcome.#status = :confirmed',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':openSince': openSince,
          ':cancelling': { at: openSince, by },
          ':endedAt': endedAt,
          ':confirmed': 'CONFIRMED',
        },
      }),

    /**
     * Moves the order to the end of the queue before it is looked at. So, whatever becomes of the look, the others have
     * their turn first, and of two who would look at the same time only one does.
     * @returns the order as it is now (consistent); undefined where it has ended, or was looked at by another meanwhile
     */
    takeTurn: async ({ orderId, lookedAt }: Waiting, now: string): Promise<OrderRecord | undefined> =>
      (await changed(orderId, {
        UpdateExpression: 'SET lookedAt = :now',
        ConditionExpression: 'lookedAt = :lookedAt',
        ExpressionAttributeValues: { ':now': now, ':lookedAt': lookedAt },
        ReturnValues: 'ALL_NEW',
      })) as OrderRecord | undefined,

    /**
     * Writes what `project-order` would have, for an order whose last event was missed.
     * @returns false where it was settled, opened or looked at since
     */
    settle: ({ orderId, lookedAt }: Waiting, outcome: Outcome): Promise<boolean> => {
      const { UpdateExpression, ExpressionAttributeValues } = closedAs(orderId, outcome);
      return update(orderId, {
        UpdateExpression,
        ConditionExpression: 'lookedAt = :lookedAt',
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':lookedAt': lookedAt },
      });
    },
  };
};
