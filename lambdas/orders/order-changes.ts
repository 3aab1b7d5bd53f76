import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { updateIf } from '../runtime/conditional-write.ts';
import { closedAs, type Outcome, UNCANCELLED } from '../runtime/outcome.ts';
import type { GoOnFrom } from './go-on-from.ts';
import type { OrderRecord, Parking, Resumption, Wait } from './order.ts';
import type { Waiting } from './order-lists.ts';

/** In the order of the waits. */
const waitKey = ({ parkedAt, retries }: Wait) => `${parkedAt}#${String(retries).padStart(3, '0')}`;

/** That an order has not ended as it does where it goes on from there: confirmed, kept, or undone. */
const UNTOLD: Readonly<
  Record<GoOnFrom, Pick<typeof UNCANCELLED, 'condition'> & Partial<typeof UNCANCELLED>>
> = {
  PublishOrderConfirmed: { condition: 'attribute_not_exists(outcome)' },
  KeepShipment: { condition: 'attribute_exists(openSince)' },
  CancelShipment: UNCANCELLED,
};

/** The changes of an order once it is placed: each is one write, under the condition that the order is as its writer has read it. */
export const orderChanges = (table: string) => {
  /** @returns undefined where the order was not as the condition wants it, else what the change asks to be returned */
  const changed = async (orderId: string, change: Partial<UpdateCommandInput>) => {
    const write = await updateIf({ TableName: table, Key: { orderId }, ...change });
    return write.isWritten ? write.attributes : undefined;
  };
  /** @returns whether the order was as the condition wants it */
  const update = async (orderId: string, change: Partial<UpdateCommandInput>): Promise<boolean> =>
    (await changed(orderId, change)) !== undefined;

  return {
    /**
     * The order waits for an operator; not one that has come to its end meanwhile, nor by a call that comes late: what it
     * would write is over, and its token dead.
     * @param from where it goes on: of what it waits for nobody has been told yet
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
          // The same once more, as long as it waits: an answer was lost.
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

    /** Everybody was told that the order waits so. */
    told: (orderId: string, parkedAt: string): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'SET parking.isTold = :true',
        ConditionExpression: 'parkedAt = :parkedAt',
        ExpressionAttributeValues: { ':parkedAt': parkedAt, ':true': true },
      }),

    /**
     * One operator's word to an order that waits counts, the first one's: on record before it is acted upon, so that it
     * stays there whatever becomes of the order then. A word that has been left half-way, or is in doubt, is replaced.
     * @param staleBefore RFC 3339, UTC: a word of before that has been left half-way
     * @returns `first`; `repeated`, where another word may have taken effect already; `lost`, where another one is at work,
     *   or the order does not wait as it did
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

    /** The engine was asked to go on, and has not answered: whoever asks next need not wait. */
    doubtResumption: (orderId: string, parkedAt: string, { at }: Resumption): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'SET resumptions.#parkedAt.isInDoubt = :true',
        ConditionExpression: 'resumptions.#parkedAt.#at = :at',
        ExpressionAttributeNames: { '#parkedAt': parkedAt, '#at': 'at' },
        ExpressionAttributeValues: { ':at': at, ':true': true },
      }),

    /** The order waits so no more. Another wait, and the same one by a later token, stays. */
    unpark: (orderId: string, parkedAt: string, { token }: Parking): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'REMOVE parkedAt, parking',
        ConditionExpression: `parkedAt = :parkedAt AND ${token ? 'parking.#token = :token' : 'attribute_not_exists(parking.#token)'}`,
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':parkedAt': parkedAt, ...(token && { ':token': token }) },
      }),

    /**
     * A confirmed order is being cancelled: it is open again until it is.
     * @param confirmed the outcome that was read
     * @returns false where it has ended anew since
     */
    reopen: (orderId: string, { endedAt }: Outcome, openSince: string, by: string): Promise<boolean> =>
      update(orderId, {
        // Its turn begins anew: who had looked at it as it was before can no longer settle it.
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
     * The order goes to the end of the queue before anybody looks at it: whatever becomes of the look, the others have
     * their turn first, and of two who would look at once one does.
     * @returns the order as it is now (consistent); undefined where it has ended, or another has looked at it meanwhile
     */
    takeTurn: async ({ orderId, lookedAt }: Waiting, now: string): Promise<OrderRecord | undefined> =>
      (await changed(orderId, {
        UpdateExpression: 'SET lookedAt = :now',
        ConditionExpression: 'lookedAt = :lookedAt',
        ExpressionAttributeValues: { ':now': now, ':lookedAt': lookedAt },
        ReturnValues: 'ALL_NEW',
      })) as OrderRecord | undefined,

    /** What `project-order` writes, for an order whose last event was missed; not where it was settled, opened or looked at since. */
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
