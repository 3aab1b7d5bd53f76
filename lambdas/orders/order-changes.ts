import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { updateIf } from '../runtime/conditional-write.ts';
import { closedAs, type Outcome, UNCANCELLED } from '../runtime/outcome.ts';
import { waitKey } from '../runtime/wait.ts';
import type { GoOnFrom } from './go-on-from.ts';
import type { OrderRecord, Parking, Resumption, Wait } from './order.ts';
import type { Waiting } from './order-lists.ts';

/**
 * By where an order goes on: the condition that it has not yet reached the end that lies there (confirmed, kept,
 * cancelled).
 */
const UNTOLD: Readonly<
  Record<GoOnFrom, Pick<typeof UNCANCELLED, 'condition'> & Partial<typeof UNCANCELLED>>
> = {
  PublishOrderConfirmed: { condition: 'attribute_not_exists(outcome)' },
  KeepShipment: { condition: 'attribute_exists(openSince)' },
  CancelShipment: UNCANCELLED,
};

/**
 * The changes to an order after it was placed. Each is one conditional write, which fails if the order is no longer as
 * its writer read it.
 */
export const orderChanges = (table: string) => {
  /** @returns the attributes the change asks for; undefined if its condition does not hold */
  const changed = async (orderId: string, change: Partial<UpdateCommandInput>) => {
    const write = await updateIf({ TableName: table, Key: { orderId }, ...change });
    return write.isWritten ? write.attributes : undefined;
  };
  /** @returns whether the condition held */
  const update = async (orderId: string, change: Partial<UpdateCommandInput>): Promise<boolean> =>
    (await changed(orderId, change)) !== undefined;

  return {
    /**
     * Records that the order waits for an operator, unless it has ended in the meantime, or the call comes late: its
     * wait is then over, and its token dead.
     * @param from where the order goes on; it is parked only while the end that lies there is unpublished
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
          // The same wait again, while it lasts, is a repeat of a call whose answer was lost.
          '(attribute_not_exists(lastWait) OR lastWait <> :wait OR attribute_exists(parkedAt))',
        ].join(' AND '),
        ...(names && { ExpressionAttributeNames: names }),
        ExpressionAttributeValues: {
          ':parkedAt': wait.parkedAt,
          ':parking': parking,
          ':wait': waitKey(wait.parkedAt, wait.retries),
          ':none': {},
          ...values,
        },
      });
    },

    /** Records that the wait which began at `parkedAt` has been published. */
    told: (orderId: string, parkedAt: string): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'SET parking.isTold = :true',
        ConditionExpression: 'parkedAt = :parkedAt',
        ExpressionAttributeValues: { ':parkedAt': parkedAt, ':true': true },
      }),

    /**
     * Records an operator's word that a waiting order is to go on. The first of several counts. It is recorded before
     * it is acted on, so that it stays on record whatever becomes of the order. It replaces a word that was abandoned,
     * or whose effect is in doubt.
     * @param staleBefore RFC 3339, UTC: a word from before that time was abandoned
     * @returns `first`; `repeated` if an earlier word may already have taken effect; `lost` if another word is being
     *   acted on, or the order no longer waits as it did
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

    /** Records that the engine was asked to go on and did not answer, so that the next operator need not wait. */
    doubtResumption: (orderId: string, parkedAt: string, { at }: Resumption): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'SET resumptions.#parkedAt.isInDoubt = :true',
        ConditionExpression: 'resumptions.#parkedAt.#at = :at',
        ExpressionAttributeNames: { '#parkedAt': parkedAt, '#at': 'at' },
        ExpressionAttributeValues: { ':at': at, ':true': true },
      }),

    /** Ends this wait on record; leaves alone another wait, or the same one under a later token. */
    unpark: (orderId: string, parkedAt: string, { token }: Parking): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'REMOVE parkedAt, parking',
        ConditionExpression: `parkedAt = :parkedAt AND ${token ? 'parking.#token = :token' : 'attribute_not_exists(parking.#token)'}`,
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':parkedAt': parkedAt, ...(token && { ':token': token }) },
      }),

    /**
     * Reopens a confirmed order, to be cancelled.
     * @param confirmed the outcome that was read
     * @returns false if it has ended again since
     */
    reopen: (orderId: string, { endedAt }: Outcome, openSince: string, by: string): Promise<boolean> =>
      update(orderId, {
        // Its turn begins anew, so that whoever looked at it before can no longer settle it.
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
     * Moves the order to the end of the queue before it is looked at. If the look fails, the others have their turn
     * first; and of two who want to look at the same time, only one does.
     * @returns the order as it is now (a consistent read); undefined if it has ended, or another has looked at it
     *   meanwhile
     */
    takeTurn: async ({ orderId, lookedAt }: Waiting, now: string): Promise<OrderRecord | undefined> =>
      (await changed(orderId, {
        UpdateExpression: 'SET lookedAt = :now',
        ConditionExpression: 'lookedAt = :lookedAt',
        ExpressionAttributeValues: { ':now': now, ':lookedAt': lookedAt },
        ReturnValues: 'ALL_NEW',
      })) as OrderRecord | undefined,

    /** Notes what its workflow waits for, or that it waits no more. */
    noteWait: ({ orderId, lookedAt }: Waiting, awaits: string | undefined): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: awaits ? 'SET awaits = :awaits' : 'REMOVE awaits',
        ConditionExpression: 'lookedAt = :lookedAt',
        ExpressionAttributeValues: { ':lookedAt': lookedAt, ...(awaits && { ':awaits': awaits }) },
      }),

    /**
     * Writes what `project-order` would have written, for an order whose last event was missed.
     * @returns false if it was settled, reopened or looked at since
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
