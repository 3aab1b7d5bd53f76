import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { effectLedger } from '../../../lambdas/runtime/ledger.ts';
import type { Resolution } from '../../../lambdas/runtime/undo-task.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

class Declined extends Error {
  override readonly name = 'Declined';
  readonly reason: string;
  constructor(orderId: string, reason: string) {
    super(`${orderId}: ${reason}`);
    this.reason = reason;
  }
}

interface Charge {
  readonly chargeId: string;
}

const order = 'ord_1';
const charge: Charge = { chargeId: 'ch_1' };
const ledger = effectLedger<string, Charge>('Payments', {
  doing: 'CHARGING',
  done: 'CHARGED',
  refused: 'DECLINED',
  undoing: 'REFUNDING',
  undone: 'REFUNDED',
});

let tables: TablesInMemory;
const prepare = jest.fn<() => Promise<string>>();
const commit = jest.fn<(handle: string) => Promise<Charge>>();
const undo = jest.fn<(handle: string) => Promise<void>>();
const close = jest.fn<(handle: string) => Promise<void>>();
const effect = { prepare, commit, undo, Refusal: Declined };

const chargeIt = () => ledger.perform(order, { amountCents: 2500 }, effect);
const refundIt = (resolution?: Resolution) =>
  ledger.undo({ orderId: order, correlationId: 'corr-1', resolution }, { undo, close });
const byHand = { note: 'paid back in cash', by: 'operator-1', at: '2026-01-15T09:40:00.000Z' };
const settleIt = () => refundIt(byHand);
const entry = () => tables.row('Payments', order);
/** With its handle, as whatever may have happened outside has one. */
const found = (state: string, facts = {}) =>
  tables.seed('Payments', { orderId: order, state, handle: 'pi_1', ...facts });

beforeEach(() => {
  tables = tablesInMemory({ Payments: 'orderId' });
  let prepared = 0;
  prepare.mockReset().mockImplementation(async () => {
    prepared += 1;
    return `pi_${prepared}`;
  });
  commit.mockReset().mockResolvedValue(charge);
  undo.mockReset().mockResolvedValue();
  close.mockReset().mockResolvedValue();
});

describe('the forward step', () => {
  it('prepares, records the handle, commits, and records the outcome', async () => {
    prepare.mockImplementation(async () => {
      expect(entry()).toBeUndefined();
      return 'pi_1';
    });
    commit.mockImplementation(async () => {
      expect(entry()).toMatchObject({ state: 'CHARGING', handle: 'pi_1', amountCents: 2500 });
      return charge;
    });
    await expect(chargeIt()).resolves.toEqual(charge);
    expect(commit.mock.calls).toEqual([['pi_1', false]]);
    expect(entry()).toMatchObject({ orderId: order, state: 'CHARGED', result: charge, amountCents: 2500 });
  });

  it('answers a repeat with the first result, without going outside again', async () => {
    await chargeIt();
    commit.mockResolvedValue({ chargeId: 'ch_2' });
    await expect(chargeIt()).resolves.toEqual(charge);
    expect([prepare.mock.calls.length, commit.mock.calls.length]).toEqual([1, 1]);
  });

  it.each([['prepare'], ['commit']])(
    'remembers a refusal to %s and repeats it, without going outside again',
    async (phase) => {
      (phase === 'prepare' ? prepare : commit).mockRejectedValue(new Declined(order, 'no money'));
      await expect(chargeIt()).rejects.toThrow(new Declined(order, 'no money'));
      expect(entry()).toMatchObject({ state: 'DECLINED', reason: 'no money', amountCents: 2500 });
      const calls = prepare.mock.calls.length + commit.mock.calls.length;
      const repeated = chargeIt();
      await expect(repeated).rejects.toBeInstanceOf(Declined);
      await expect(repeated).rejects.toMatchObject({ reason: 'no money' });
      expect(prepare.mock.calls.length + commit.mock.calls.length).toBe(calls);
    },
  );

  it('passes any other failure on and leaves the outcome open, as nobody knows it', async () => {
    const silence = new Error('no answer');
    commit.mockRejectedValue(silence);
    await expect(chargeIt()).rejects.toBe(silence);
    expect(entry()).toMatchObject({ state: 'CHARGING' });
  });

  it('has recorded nothing where nothing could be prepared', async () => {
    prepare.mockRejectedValue(new Error('no answer'));
    await expect(chargeIt()).rejects.toThrow('no answer');
    expect(entry()).toBeUndefined();
    expect(commit).not.toHaveBeenCalled();
  });

  it('settles an attempt that crashed, by its handle', async () => {
    found('CHARGING', { handle: 'pi_of_the_first' });
    await expect(chargeIt()).resolves.toEqual(charge);
    expect(prepare).not.toHaveBeenCalled();
    expect(commit.mock.calls).toEqual([['pi_of_the_first', true]]);
    expect(entry()).toMatchObject({ state: 'CHARGED', result: charge });
  });

  it('commits but one of those that two attempts have prepared at once', async () => {
    prepare.mockImplementationOnce(async () => {
      await expect(chargeIt()).resolves.toEqual(charge);
      return 'pi_of_the_slow_attempt';
    });
    await expect(chargeIt()).resolves.toEqual(charge);
    expect(commit.mock.calls).toEqual([['pi_1', false]]);
    expect(entry()).toMatchObject({ state: 'CHARGED', handle: 'pi_1' });
  });

  it('takes up what another has prepared where it is refused its own', async () => {
    prepare.mockImplementationOnce(async () => {
      await expect(chargeIt()).resolves.toEqual(charge);
      throw new Declined(order, 'no such card');
    });
    await expect(chargeIt()).resolves.toEqual(charge);
    expect(entry()).toMatchObject({ state: 'CHARGED' });
  });

  it('gives two attempts that overlap the same result', async () => {
    commit.mockImplementationOnce(async () => {
      await expect(chargeIt()).resolves.toEqual(charge);
      return { chargeId: 'ch_of_the_slow_attempt' };
    });
    await expect(chargeIt()).resolves.toEqual(charge);
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'CHARGED', result: charge });
  });

  it.each(['VOIDED', 'REFUNDING', 'REFUNDED'])('is refused at %s, and does not go outside', async (state) => {
    found(state);
    await expect(chargeIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(prepare).not.toHaveBeenCalled();
    expect(commit).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state });
  });

  it('never commits what it has prepared while the fence was written', async () => {
    prepare.mockImplementation(async () => {
      await refundIt();
      return 'pi_late';
    });
    await expect(chargeIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(commit).not.toHaveBeenCalled();
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'VOIDED' });
  });

  it('leaves it to the undo that has fenced it to take back what it has done', async () => {
    commit.mockImplementation(async () => {
      found('REFUNDING');
      return charge;
    });
    await expect(chargeIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'REFUNDING' });
    await refundIt();
    expect(undo.mock.calls).toEqual([['pi_1']]);
    expect(entry()).not.toHaveProperty('result');
  });

  it('is refused by the outside once it was undone there', async () => {
    commit.mockImplementation(async () => {
      await refundIt();
      throw new OrderAlreadyCancelledError(order);
    });
    await expect(chargeIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('does not turn an entry that an undo has fenced into a refusal', async () => {
    commit.mockImplementation(async () => {
      found('REFUNDED');
      throw new Declined(order, 'no money');
    });
    await expect(chargeIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('is refused beside an attempt that is still on its way only once that one can have no effect', async () => {
    found('CHARGING');
    commit.mockRejectedValue(new Declined(order, 'no money'));
    undo.mockImplementation(async () => expect(entry()).toMatchObject({ state: 'REFUNDING' }));
    await expect(chargeIt()).rejects.toBeInstanceOf(Declined);
    expect(undo.mock.calls).toEqual([['pi_1']]);
    expect(entry()).toMatchObject({ state: 'DECLINED', reason: 'no money' });
  });

  it('is refused so too where the other attempt has begun after it', async () => {
    commit.mockImplementationOnce(async () => {
      // It dies on its way, and may have charged.
      commit.mockRejectedValueOnce(new Error('killed'));
      await expect(chargeIt()).rejects.toThrow('killed');
      throw new Declined(order, 'no money');
    });
    await expect(chargeIt()).rejects.toBeInstanceOf(Declined);
    expect(undo).toHaveBeenCalledTimes(1);
    expect(entry()).toMatchObject({ state: 'DECLINED', reason: 'no money' });
  });

  it('is not refused after all where the other attempt has charged', async () => {
    commit.mockImplementationOnce(async () => {
      await expect(chargeIt()).resolves.toEqual(charge);
      throw new Declined(order, 'no money');
    });
    await expect(chargeIt()).resolves.toEqual(charge);
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'CHARGED', result: charge });
  });

  it('that was committed while another attempt was refused was undone by that one', async () => {
    commit.mockImplementationOnce(async () => {
      commit.mockRejectedValueOnce(new Declined(order, 'no money'));
      await expect(chargeIt()).rejects.toBeInstanceOf(Declined);
      return charge;
    });
    await expect(chargeIt()).rejects.toBeInstanceOf(Declined);
    expect(undo).toHaveBeenCalledTimes(1);
    expect(entry()).toMatchObject({ state: 'DECLINED' });
  });

  it('takes up a refusal again that was left half-way', async () => {
    found('REFUNDING', { reason: 'no money' });
    await expect(chargeIt()).rejects.toMatchObject({ name: 'Declined', reason: 'no money' });
    expect(undo.mock.calls).toEqual([['pi_1']]);
    expect(commit).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'DECLINED' });
  });

  it('passes a failure of the table on, before anything is committed', async () => {
    tables.beforeNextWrite(() => Promise.reject(new Error('table away')));
    await expect(chargeIt()).rejects.toThrow('table away');
    expect(commit).not.toHaveBeenCalled();
  });
});

describe('the undo', () => {
  it('that finds nothing writes the fence, at which a later charge is refused', async () => {
    await refundIt();
    expect(entry()).toMatchObject({ state: 'VOIDED' });
    expect(undo).not.toHaveBeenCalled();
    await expect(chargeIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(prepare).not.toHaveBeenCalled();
  });

  it.each(['CHARGED', 'CHARGING'])('of %s fences first, acts then, and records it', async (state) => {
    found(state, { result: charge });
    undo.mockImplementation(async () => {
      expect(entry()).toMatchObject({ state: 'REFUNDING' });
    });
    await refundIt();
    expect(undo.mock.calls).toEqual([['pi_1']]);
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('that was begun and not finished is finished', async () => {
    found('REFUNDING');
    await refundIt();
    expect(undo).toHaveBeenCalledTimes(1);
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('that fails outside stays begun, so that a repeat finishes it', async () => {
    found('CHARGED', { result: charge });
    undo.mockRejectedValueOnce(new Error('no answer'));
    await expect(refundIt()).rejects.toThrow('no answer');
    expect(entry()).toMatchObject({ state: 'REFUNDING' });
    await refundIt();
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it.each(['DECLINED', 'REFUNDED', 'VOIDED'])('of %s has nothing to do', async (state) => {
    found(state);
    await refundIt();
    expect(undo).not.toHaveBeenCalled();
    expect(tables.writes()).toBe(0);
  });

  it('looks again where a charge began before the fence was written', async () => {
    tables.beforeNextWrite(async () => found('CHARGING'));
    await refundIt();
    expect(undo).toHaveBeenCalledTimes(1);
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('looks again where a charge was settled before the fence was written', async () => {
    found('CHARGING');
    tables.beforeNextWrite(async () => found('CHARGED', { result: charge }));
    await refundIt();
    expect(undo).toHaveBeenCalledTimes(1);
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('has nothing to do where the charge was declined before the fence was written', async () => {
    found('CHARGING');
    tables.beforeNextWrite(async () => found('DECLINED', { reason: 'no money' }));
    await refundIt();
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'DECLINED' });
  });
});

describe('the undo that an operator has settled by hand', () => {
  it.each(['CHARGING', 'CHARGED', 'REFUNDING'])(
    'of %s is recorded, not done, and what was prepared is closed',
    async (state) => {
      found(state, { amountCents: 2500 });
      await settleIt();
      expect(undo).not.toHaveBeenCalled();
      expect(close.mock.calls).toEqual([['pi_1']]);
      expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand, amountCents: 2500 });
    },
  );

  it('of nothing writes the fence with the note, at which a later charge is refused', async () => {
    await settleIt();
    expect(entry()).toMatchObject({ correlationId: 'corr-1', state: 'VOIDED', resolution: byHand });
    await expect(chargeIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(prepare).not.toHaveBeenCalled();
    expect(undo).not.toHaveBeenCalled();
  });

  it('is recorded once: a repeat, by hand or not, has nothing to do', async () => {
    found('CHARGED');
    await settleIt();
    const writes = tables.writes();
    await refundIt({ ...byHand, note: 'another' });
    await refundIt();
    expect(tables.writes()).toBe(writes);
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
  });

  it.each(['DECLINED', 'REFUNDED', 'VOIDED'])('of %s has nothing to do', async (state) => {
    found(state);
    await settleIt();
    expect(tables.writes()).toBe(0);
  });

  it('is still recorded where a charge began before the fence was written', async () => {
    tables.beforeNextWrite(async () => found('CHARGING'));
    await settleIt();
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
  });

  it('is still recorded where a charge was settled before the fence was written', async () => {
    found('CHARGING');
    tables.beforeNextWrite(async () => found('CHARGED', { result: charge }));
    await settleIt();
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
  });

  it('is not disturbed by a charge in flight', async () => {
    commit.mockImplementation(async () => {
      await settleIt();
      return charge;
    });
    await expect(chargeIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
  });

  it('keeps its note though a late undo of before is quicker', async () => {
    found('CHARGED');
    close.mockImplementationOnce(async () => {
      await refundIt();
    });
    await settleIt();
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
  });

  it('leaves no note where nothing was settled by hand', async () => {
    found('CHARGED');
    await refundIt();
    expect(entry()).not.toHaveProperty('resolution');
  });
});

describe('what could not be undone, and is kept,', () => {
  const standing = jest.fn<(handle: string, known?: Charge) => Promise<Charge>>();
  const keepIt = () => ledger.keep(order, standing);
  beforeEach(() => {
    standing.mockReset().mockImplementation(async (_, known) => known ?? charge);
  });

  it.each([[{ result: charge }], [{}]])('stands for good, with its result: found %j', async (facts) => {
    found('REFUNDING', facts);
    await expect(keepIt()).resolves.toEqual(charge);
    expect(standing.mock.calls).toEqual([['pi_1', 'result' in facts ? charge : undefined]]);
    expect(entry()).toMatchObject({ state: 'KEPT', result: charge });
  });

  it('is asked for outside once', async () => {
    found('REFUNDING');
    await keepIt();
    await expect(keepIt()).resolves.toEqual(charge);
    expect(standing).toHaveBeenCalledTimes(1);
  });

  it('is what a late attempt of its step gets', async () => {
    commit.mockImplementation(async () => {
      found('REFUNDING');
      await keepIt();
      return charge;
    });
    await expect(chargeIt()).resolves.toEqual(charge);
    await expect(chargeIt()).resolves.toEqual(charge);
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'KEPT' });
  });

  it.each(['CHARGING', 'CHARGED', 'DECLINED', 'REFUNDED', 'VOIDED'])(
    'is refused at %s, where nothing is being undone, or is undone',
    async (state) => {
      found(state);
      await expect(keepIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
      expect(standing).not.toHaveBeenCalled();
      expect(entry()).toMatchObject({ state });
    },
  );

  it('is refused where there is nothing', async () => {
    await expect(keepIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(entry()).toBeUndefined();
  });

  it('is refused where it is undone while it is asked for', async () => {
    found('REFUNDING');
    standing.mockImplementation(async () => {
      await settleIt();
      return charge;
    });
    await expect(keepIt()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
  });

  it('stays as it was where it does not stand outside', async () => {
    found('REFUNDING');
    standing.mockRejectedValue(new Error('not there'));
    await expect(keepIt()).rejects.toThrow('not there');
    expect(entry()).toMatchObject({ state: 'REFUNDING' });
  });

  it('is not disturbed by a late undo: the outside refuses, and it stands', async () => {
    found('CHARGED', { result: charge });
    undo.mockRejectedValue(new Error('it has left'));
    // The late one has read what was before, and wakes only now.
    tables.beforeNextWrite(async () => {
      found('REFUNDING', { result: charge });
      await keepIt();
    });
    await expect(refundIt()).rejects.toThrow('it has left');
    expect(entry()).toMatchObject({ state: 'KEPT', result: charge });
  });

  it('is undone once the outside lets it be', async () => {
    found('KEPT', { result: charge });
    undo.mockImplementation(async () => {
      expect(entry()).toMatchObject({ state: 'KEPT' });
    });
    await refundIt();
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('is settled by hand where it is kept meanwhile', async () => {
    found('REFUNDING', { result: charge });
    close.mockImplementationOnce(async () => {
      await keepIt();
    });
    await settleIt();
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
  });

  it('is kept by a write that went through and answers that it was refused', async () => {
    found('REFUNDING', { result: charge });
    tables.doubtWriteTo('KEPT');
    await expect(keepIt()).resolves.toEqual(charge);
    expect(entry()).toMatchObject({ state: 'KEPT' });
  });
});

describe('a write that went through and answers that it was refused, as the SDK has retried it,', () => {
  it.each(['CHARGING', 'CHARGED'])('to %s does not disturb a charge', async (state) => {
    tables.doubtWriteTo(state);
    await expect(chargeIt()).resolves.toEqual(charge);
    expect(commit.mock.calls.every(([handle]) => handle === 'pi_1')).toBe(true);
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'CHARGED', result: charge });
  });

  it('to DECLINED does not disturb a refusal', async () => {
    tables.doubtWriteTo('DECLINED');
    commit.mockRejectedValue(new Declined(order, 'no money'));
    await expect(chargeIt()).rejects.toBeInstanceOf(Declined);
    expect(entry()).toMatchObject({ state: 'DECLINED', reason: 'no money' });
  });

  it.each(['REFUNDING', 'REFUNDED'])('to %s does not disturb a refund', async (state) => {
    found('CHARGED', { result: charge });
    tables.doubtWriteTo(state);
    await refundIt();
    expect(undo).toHaveBeenCalledTimes(1);
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('to VOIDED does not disturb a fence', async () => {
    tables.doubtWriteTo('VOIDED');
    await refundIt();
    expect(undo).not.toHaveBeenCalled();
    expect(entry()).toMatchObject({ state: 'VOIDED' });
  });
});

it('decides on consistent reads only, and moves an entry only from the state it has seen', async () => {
  await chargeIt();
  await chargeIt();
  await refundIt();
  const reads = tables.calls.commandCalls(GetCommand).map(({ args: [{ input }] }) => input.ConsistentRead);
  expect(reads).toEqual([true, true, true]);
  const moves = tables.calls.commandCalls(UpdateCommand).map(({ args: [{ input }] }) => input);
  expect(moves.map(({ ConditionExpression }) => ConditionExpression)).toEqual(
    Array(3).fill('#state = :from'),
  );
});
