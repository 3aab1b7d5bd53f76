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

/**
 * One effect in the outside world, as its port offers it, in two phases: what is prepared costs nothing, and becomes real by
 * its handle alone. Every call but `prepare` may be repeated.
 */
export interface Effect<Handle, Result> {
  /** Makes something that has no effect yet. Made more than once, all but one are never heard of again. */
  readonly prepare: () => Promise<Handle>;
  /**
   * Makes it real, or returns the result of an earlier call.
   * @param isRepeat there may have been such a call
   * @throws OrderAlreadyCancelledError once it is undone
   */
  readonly commit: (handle: Handle, isRepeat: boolean) => Promise<Result>;
  /** Cancels what is not real yet, so that it never will be, and takes back what is. */
  readonly undo: (handle: Handle) => Promise<unknown>;
  /** The business error by which the outside world says that it has refused and done nothing. */
  readonly Refusal: new (
    orderId: string,
    reason: string,
  ) => Error & { readonly reason: string };
}

interface Entry<Handle, Result> {
  readonly orderId: string;
  readonly state: string;
  /** There from the first write on, wherever there may be anything outside. */
  readonly handle: Handle;
  readonly result?: Result;
  readonly reason?: string;
  readonly resolution?: Resolution;
  /** A second attempt has begun before the outcome of the first was known: either may still be under way. */
  readonly isShared?: boolean;
}

/**
 * What we know of one effect per order, written so that no crash, repeat or late arrival leaves money or goods
 * behind: prepare, record the handle, commit, record the outcome. Only a handle that is on record is ever committed, so
 * where there is none nothing has happened, nor will. The table "state x call" is in docs/saga.md.
 */
export const effectLedger = <Handle, Result, Facts extends object = object>(
  table: string,
  states: LedgerStates,
) => {
  const read = (orderId: string) => itemByKey<Entry<Handle, Result>>(table, { orderId });

  const stands = (entry: Entry<Handle, Result> | undefined) =>
    entry?.state === states.done || entry?.state === KEPT;

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
    facts: Partial<Entry<Handle, Result>> = {},
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
   * What was settled by hand is recorded.
   * @param effect `close` cancels what is not real yet, and leaves what is to those who have settled it
   */
  const undo = async (
    order: Undo,
    effect: Pick<Effect<Handle, Result>, 'undo'> & { readonly close: (handle: Handle) => Promise<unknown> },
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
    await (resolution ? effect.close(entry.handle) : effect.undo(entry.handle));
    if (await move(orderId, begun, states.undone, settled)) return;
    // An earlier undo has finished first. What was settled by hand is recorded all the same.
    const isUndone = resolution && (await move(orderId, states.undone, states.undone, settled));
    if (!isUndone) return undo(order, effect);
  };

  /**
   * Keeps an effect whose undo the outside world has refused.
   * @param standing asks the outside world for it; gets the result, where that is on record
   * @throws OrderAlreadyCancelledError where it is undone, or never existed
   */
  const keep = async (
    orderId: string,
    standing: (handle: Handle, known: Result | undefined) => Promise<Result>,
  ): Promise<Result> => {
    const entry = await read(orderId);
    if (entry?.state === KEPT) return entry.result as Result;
    if (entry?.state !== states.undoing) throw new OrderAlreadyCancelledError(orderId);
    const result = await standing(entry.handle, entry.result);
    return (await move(orderId, states.undoing, KEPT, { result })) ? result : keep(orderId, standing);
  };

  /** The outcome of an order's effect, for an attempt that finds it decided. */
  const outcome = async (
    orderId: string,
    entry: Entry<Handle, Result> | undefined,
    effect: Effect<Handle, Result>,
  ): Promise<Result> => {
    if (stands(entry)) return entry?.result as Result;
    const isHalfRefused = entry?.state === states.undoing && entry.reason !== undefined;
    if (isHalfRefused) {
      await effect.undo(entry.handle);
      await move(orderId, states.undoing, states.refused);
    }
    if (isHalfRefused || entry?.state === states.refused)
      throw new effect.Refusal(orderId, entry.reason ?? '');
    throw new OrderAlreadyCancelledError(orderId);
  };

  /**
   * Records a refusal. It says nothing about another attempt that is still under way. An attempt that is alone records it,
   * and no other begins after that. One that is not alone first makes sure, as an undo does, that no other has an effect.
   */
  const refuse = async (
    orderId: string,
    refusal: Error & { readonly reason: string },
    effect: Effect<Handle, Result>,
    isAlone: boolean,
  ): Promise<Result> => {
    const { reason } = refusal;
    const alone = ' AND attribute_not_exists(isShared)';
    if (isAlone && (await move(orderId, states.doing, states.refused, { reason }, alone))) throw refusal;
    // The reason tells it from an undo. If it dies half-way, the next attempt finishes it.
    await move(orderId, states.doing, states.undoing, { reason });
    return outcome(orderId, await read(orderId), effect);
  };

  /** Makes what is on record real, and records that. Behind a fence it is the undo's to take it back. */
  const commit = async (
    orderId: string,
    handle: Handle,
    effect: Effect<Handle, Result>,
    isAlone: boolean,
  ): Promise<Result> => {
    let result: Result;
    try {
      result = await effect.commit(handle, !isAlone);
    } catch (error) {
      if (!(error instanceof effect.Refusal)) throw error;
      return refuse(orderId, error, effect, isAlone);
    }
    if (await move(orderId, states.doing, states.done, { result })) return result;
    return outcome(orderId, await read(orderId), effect);
  };

  /**
   * The forward step.
   * @param facts what else the entry tells its readers (correlation id, amounts, currency)
   * @throws the effect's Refusal, again on every repeat; OrderAlreadyCancelledError at a fence
   */
  const perform = async (orderId: string, facts: Facts, effect: Effect<Handle, Result>): Promise<Result> => {
    const entry = await read(orderId);
    if (entry) {
      if (entry.state !== states.doing) return outcome(orderId, entry, effect);
      // An attempt without an outcome (crashed, or still under way) is repeated, by its handle.
      return (await move(orderId, states.doing, states.doing, { isShared: true }))
        ? commit(orderId, entry.handle, effect, false)
        : outcome(orderId, await read(orderId), effect);
    }
    let handle: Handle;
    try {
      handle = await effect.prepare();
    } catch (error) {
      if (!(error instanceof effect.Refusal)) throw error;
      if (await open(orderId, states.refused, { ...facts, reason: error.reason })) throw error;
      return perform(orderId, facts, effect);
    }
    // Where another was first, its handle counts.
    return (await open(orderId, states.doing, { ...facts, handle }))
      ? commit(orderId, handle, effect, true)
      : perform(orderId, facts, effect);
  };

  return {
    perform,
    undo,
    keep,
    /** What the effect is known by outside; undefined where there is none, and never was. */
    handleOf: async (orderId: string): Promise<Handle | undefined> => (await read(orderId))?.handle,
  };
};
