import { putIf, updateIf } from './conditional-write.ts';
import { itemByKey } from './dynamodb.ts';
import { OrderAlreadyCancelledError } from './errors.ts';
import type { Resolution, Undo } from './undo-task.ts';

/** How a service calls the states of its effect: `CHARGING -> CHARGED -> REFUNDING -> REFUNDED`, or `DECLINED`. */
export interface LedgerStates {
  readonly doing: string;
  readonly done: string;
  readonly refused: string;
  readonly undoing: string;
  readonly undone: string;
}

/** The fence: an undo came and there was nothing, now or ever, to undo. No attempt passes it. */
export const VOIDED = 'VOIDED';

/** What could not be undone stands after all. A state of its own: entries only move forward, so no late undo begins at it. */
export const KEPT = 'KEPT';

/** One effect in the outside world, as its port offers it. Every call is idempotent by order. */
export interface Effect<Result> {
  /** Does it, or returns what an earlier call under the same key did. */
  readonly perform: () => Promise<Result>;
  /** Takes it back, and makes sure that nothing comes of an attempt that is still on its way. */
  readonly undo: () => Promise<unknown>;
  /** The business error by which the outside world says: refused, nothing has happened. */
  readonly Refusal: new (
    orderId: string,
    reason: string,
  ) => Error & { readonly reason: string };
}

interface Entry<Result> {
  readonly orderId: string;
  readonly state: string;
  readonly result?: Result;
  readonly reason?: string;
  readonly resolution?: Resolution;
  /** A second attempt has begun while nobody knew what had become of the first: either may still be on its way. */
  readonly isShared?: boolean;
}

/**
 * What we know of one effect per order, written so that no crash, repeat or late arrival leaves money or goods
 * behind: record the intent, act, record the outcome. The table "state x call" is in docs/saga.md.
 */
export const effectLedger = <Result, Facts extends object = object>(table: string, states: LedgerStates) => {
  const read = (orderId: string) => itemByKey<Entry<Result> & Facts>(table, { orderId });

  const stands = (entry: Entry<Result> | undefined) => entry?.state === states.done || entry?.state === KEPT;

  /** The first write: there, or not because another was first. */
  const open = async (orderId: string, state: string, facts: object): Promise<boolean> => {
    const { isWritten } = await putIf({
      TableName: table,
      Item: { ...facts, orderId, state, updatedAt: new Date().toISOString() },
      ConditionExpression: 'attribute_not_exists(orderId)',
    });
    return isWritten;
  };

  /** Every later write: only from the state that the writer has seen. */
  const move = async (
    orderId: string,
    from: string,
    to: string,
    facts: Partial<Entry<Result>> = {},
    also = '',
  ): Promise<boolean> => {
    const names = Object.keys(facts);
    const { isWritten } = await updateIf({
      TableName: table,
      Key: { orderId },
      UpdateExpression: [
        'SET #state = :to, updatedAt = :now',
        ...names.map((name) => `#${name} = :${name}`),
      ].join(', '),
      ConditionExpression: `#state = :from${also}`,
      ExpressionAttributeNames: {
        '#state': 'state',
        ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ':from': from,
        ':to': to,
        ':now': new Date().toISOString(),
        ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`:${name}`, value])),
      },
    });
    return isWritten;
  };

  /**
   * The undo: after it, nothing of the effect stays, now or later. Nothing to undo is success.
   * It fences before it acts, so that an attempt in flight cannot record success behind its back.
   * Settled by hand, it is recorded, and made sure that nothing comes after it.
   */
  const undo = async (
    order: Undo,
    effect: {
      readonly undo: (entry: Facts) => Promise<unknown>;
      readonly close: (entry: Facts) => Promise<unknown>;
    },
  ): Promise<void> => {
    const { orderId, correlationId, resolution } = order;
    const settled = resolution ? { resolution } : {};
    const entry = await read(orderId);
    // Where the entry changes between our reading and our writing we look again; entries only move forward.
    if (!entry) {
      const fenced = await open(orderId, VOIDED, { correlationId, ...settled });
      return fenced ? undefined : undo(order, effect);
    }
    // Of what is kept the outside world is asked first: as long as it refuses, it stands.
    const begun = entry.state === KEPT ? KEPT : states.undoing;
    if (entry.state === states.doing || entry.state === states.done) {
      if (!(await move(orderId, entry.state, begun))) return undo(order, effect);
    } else if (entry.state !== begun) {
      return;
    }
    await (resolution ? effect.close(entry) : effect.undo(entry));
    if (await move(orderId, begun, states.undone, settled)) return;
    // A late one of before was quicker: what was settled by hand is on record all the same.
    const isUndone = resolution && (await move(orderId, states.undone, states.undone, settled));
    if (!isUndone) return undo(order, effect);
  };

  /**
   * The undo has been refused outside, and what was to be undone stands.
   * @param standing asks outside for it; told what is on record of it
   * @throws OrderAlreadyCancelledError where it is undone, or was never there
   */
  const keep = async (
    orderId: string,
    standing: (known: Result | undefined) => Promise<Result>,
  ): Promise<Result> => {
    const entry = await read(orderId);
    if (entry?.state === KEPT) return entry.result as Result;
    if (entry?.state !== states.undoing) throw new OrderAlreadyCancelledError(orderId);
    const result = await standing(entry.result);
    return (await move(orderId, states.undoing, KEPT, { result })) ? result : keep(orderId, standing);
  };

  /**
   * A refusal says nothing of an attempt that is still on its way. Who is alone has it on record, and nobody begins after
   * that; who is not makes sure first that no other attempt has an effect, as an undo does.
   */
  const refuse = async (
    orderId: string,
    refusal: Error & { readonly reason: string },
    effect: Effect<Result>,
    isAlone: boolean,
  ): Promise<Result> => {
    const { reason } = refusal;
    const alone = ' AND attribute_not_exists(isShared)';
    if (isAlone && (await move(orderId, states.doing, states.refused, { reason }, alone))) throw refusal;
    // With its reason, which tells it from an undo's: dead half-way it is taken up again.
    await move(orderId, states.doing, states.undoing, { reason });
    return outcomeOf(orderId, effect);
  };

  /** What has become of an attempt that has not written its outcome itself. */
  const outcomeOf = async (orderId: string, effect: Effect<Result>): Promise<Result> => {
    const entry = await read(orderId);
    if (stands(entry)) return entry?.result as Result;
    const isHalfRefused = entry?.state === states.undoing && entry.reason !== undefined;
    if (isHalfRefused) {
      await effect.undo();
      await move(orderId, states.undoing, states.refused);
    }
    if (isHalfRefused || entry?.state === states.refused)
      throw new effect.Refusal(orderId, entry.reason ?? '');
    throw new OrderAlreadyCancelledError(orderId);
  };

  return {
    /**
     * The forward step.
     * @param facts what the entry should tell a reader besides its state (correlation id, amounts, currency)
     * @throws the effect's Refusal, again on every repeat; OrderAlreadyCancelledError at a fence
     */
    perform: async (orderId: string, facts: Facts, effect: Effect<Result>): Promise<Result> => {
      const isAlone = await open(orderId, states.doing, facts);
      // An attempt without an outcome (crashed, or still in flight) is repeated: the outside world knows it by its key.
      if (!isAlone && !(await move(orderId, states.doing, states.doing, { isShared: true })))
        return outcomeOf(orderId, effect);

      let result: Result;
      try {
        result = await effect.perform();
      } catch (error) {
        if (!(error instanceof effect.Refusal)) throw error;
        return refuse(orderId, error, effect, isAlone);
      }

      if (await move(orderId, states.doing, states.done, { result })) return result;
      const now = await read(orderId);
      if (stands(now)) return now?.result as Result;
      // Fenced while we were outside: what we did there must not stay, whatever the undo has found.
      await effect.undo();
      throw new OrderAlreadyCancelledError(orderId);
    },

    undo,
    keep,
  };
};
