import { putIf, updateIf } from './conditional-write.ts';
import { itemByKey } from './dynamodb.ts';
import { OrderAlreadyCancelledError } from './errors.ts';
import type { Resolution, Undo } from './undo-task.ts';

/** A service's names for the states of its effect: `CHARGING -> CHARGED -> REFUNDING -> REFUNDED`, or `DECLINED`. */
export interface LedgerStates {
  readonly doing: string;
  readonly done: string;
  readonly refused: string;
  readonly undoing: string;
  readonly undone: string;
}

/** The fence: an undo came when there was nothing to undo. From then on no attempt gets through. */
export const VOIDED = 'VOIDED';

/**
 * What could not be undone is kept after all. It is a state of its own because entries only move forward: no late undo
 * starts from it.
 */
export const KEPT = 'KEPT';

/** One effect in the outside world, as its port offers it. Every call is idempotent per order. */
export interface Effect<Result> {
  /** Performs it, or returns the result of an earlier call under the same key. */
  readonly perform: () => Promise<Result>;
  /** Takes it back, and makes sure that an attempt which is still under way has no effect. */
  readonly undo: () => Promise<unknown>;
  /** The business error by which the outside world says that it has refused and done nothing. */
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
  /** A second attempt has begun before the outcome of the first was known: either may still be under way. */
  readonly isShared?: boolean;
}

/**
 * What we know of one effect per order, written so that no crash, repeat or late arrival leaves money or goods
 * behind: record the intent, act, record the outcome. The table "state x call" is in docs/saga.md.
 */
export const effectLedger = <Result, Facts extends object = object>(table: string, states: LedgerStates) => {
  const read = (orderId: string) => itemByKey<Entry<Result> & Facts>(table, { orderId });

  const stands = (entry: Entry<Result> | undefined) => entry?.state === states.done || entry?.state === KEPT;

  /** The first write of an entry. @returns false where another was first */
  const open = async (orderId: string, state: string, facts: object): Promise<boolean> => {
    const { isWritten } = await putIf({
      TableName: table,
      Item: { ...facts, orderId, state, updatedAt: new Date().toISOString() },
      ConditionExpression: 'attribute_not_exists(orderId)',
    });
    return isWritten;
  };

  /** Any later write. @returns false where the entry is no longer in the state that the writer has seen */
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
   * The undo. After it nothing of the effect remains, now or later. That there is nothing to undo is a success.
   * It writes the fence before it acts, so that an attempt under way cannot record success behind its back.
   * What was settled by hand is recorded, and the outside world is closed to later attempts.
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
    // If the entry changes between our read and our write, we look again; entries only move forward.
    if (!entry) {
      const fenced = await open(orderId, VOIDED, { correlationId, ...settled });
      return fenced ? undefined : undo(order, effect);
    }
    // A kept effect stays kept until the outside world has agreed to undo it.
    const begun = entry.state === KEPT ? KEPT : states.undoing;
    if (entry.state === states.doing || entry.state === states.done) {
      if (!(await move(orderId, entry.state, begun))) return undo(order, effect);
    } else if (entry.state !== begun) {
      return;
    }
    await (resolution ? effect.close(entry) : effect.undo(entry));
    if (await move(orderId, begun, states.undone, settled)) return;
    // An earlier undo has finished first. What was settled by hand is recorded all the same.
    const isUndone = resolution && (await move(orderId, states.undone, states.undone, settled));
    if (!isUndone) return undo(order, effect);
  };

  /**
   * Keeps an effect whose undo the outside world has refused.
   * @param standing asks the outside world for it; gets the result that is on record
   * @throws OrderAlreadyCancelledError where it is undone, or never existed
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
   * Records a refusal. It says nothing about another attempt that is still under way. An attempt that is alone records it,
   * and no other begins after that. One that is not alone first makes sure, as an undo does, that no other has an effect.
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
    // The reason tells it from an undo. If it dies half-way, the next attempt finishes it.
    await move(orderId, states.doing, states.undoing, { reason });
    return outcomeOf(orderId, effect);
  };

  /** The outcome of an order's effect, for an attempt that could not write one itself. */
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
     * @param facts what else the entry tells its readers (correlation id, amounts, currency)
     * @throws the effect's Refusal, again on every repeat; OrderAlreadyCancelledError at a fence
     */
    perform: async (orderId: string, facts: Facts, effect: Effect<Result>): Promise<Result> => {
      const isAlone = await open(orderId, states.doing, facts);
      // An attempt without an outcome (crashed, or still under way) is repeated: the outside world knows it by its key.
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
      // The fence was written while we were outside. What we did there must not stay, whatever the undo has found.
      await effect.undo();
      throw new OrderAlreadyCancelledError(orderId);
    },

    undo,
    keep,
  };
};
