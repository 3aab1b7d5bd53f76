import { beforeEach, describe, expect, it } from '@jest/globals';
import { PaymentDeclinedError, PaymentProviderUnavailableError } from '../../../lambdas/payment/errors.ts';
import { sandboxProvider } from '../../../lambdas/payment/sandbox-provider.ts';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const provider = sandboxProvider('SandboxCharges');
const request = { orderId: 'ord_1', amountCents: 2500, currency: 'EUR', paymentMethod: 'pm_card_visa' };

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ SandboxCharges: 'intentId' });
});
const prepared = async (changes: Partial<typeof request> = {}) => ({
  orderId: 'ord_1',
  intentId: await provider.prepare({ ...request, ...changes }),
});
const books = () => tables.rowsOf('SandboxCharges');

describe('the sandbox payment provider', () => {
  it('prepares what costs nothing, another one each time', async () => {
    const [one, other] = [await prepared(), await prepared()];
    expect(one.intentId).not.toBe(other.intentId);
    expect(books()).toMatchObject(Array(2).fill({ status: 'PREPARED', chargedCents: 0, refundedCents: 0 }));
  });

  it.each([
    ['pm_unheard_of', PaymentDeclinedError],
    ['pm_card_unavailable', PaymentProviderUnavailableError],
  ])('prepares nothing for %s', async (paymentMethod, refusal) => {
    await expect(prepared({ paymentMethod })).rejects.toBeInstanceOf(refusal);
    expect(books()).toEqual([]);
  });

  it('says why it declines, without a word of the payment method', async () => {
    await expect(prepared({ paymentMethod: 'pm_unheard_of' })).rejects.toMatchObject({
      reason: 'no such payment method',
    });
    const declined = await prepared({ paymentMethod: 'pm_card_declined' });
    await expect(provider.commit(declined)).rejects.toMatchObject({
      name: 'PaymentDeclinedError',
      reason: 'the card was declined',
    });
    expect(books()).toMatchObject([{ status: 'PREPARED', chargedCents: 0 }]);
    expect(JSON.stringify(books())).not.toContain('pm_card_declined');
  });

  it('charges what was prepared, once, and answers a repeat with that charge', async () => {
    const charge = await prepared();
    const first = await provider.commit(charge);
    await expect(provider.commit(charge)).resolves.toEqual(first);
    expect(books()).toMatchObject([{ status: 'CHARGED', chargedCents: 2500, currency: 'EUR' }]);
  });

  it('charges once where two calls meet', async () => {
    const charge = await prepared();
    tables.beforeNextWrite(() => provider.commit(charge));
    await expect(provider.commit(charge)).resolves.toEqual({ chargeId: charge.intentId.replace('pi', 'ch') });
    expect(books()).toMatchObject([{ chargedCents: 2500 }]);
  });

  it('cancels what was not charged yet: it never will be', async () => {
    const charge = await prepared();
    tables.beforeNextWrite(() => provider.undo(charge));
    await expect(provider.commit(charge)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    await expect(provider.commit(charge)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(books()).toMatchObject([{ status: 'CANCELLED', chargedCents: 0, refundedCents: 0 }]);
  });

  it('gives back what was charged, and no more for a second time', async () => {
    const charge = await prepared();
    await provider.commit(charge);
    await provider.undo(charge);
    await provider.undo(charge);
    expect(books()).toMatchObject([{ chargedCents: 2500, refundedCents: 2500 }]);
    await expect(provider.commit(charge)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
  });

  it('gives back what is charged while it is cancelled', async () => {
    const charge = await prepared();
    tables.beforeNextWrite(() => provider.commit(charge));
    await provider.undo(charge);
    expect(books()).toMatchObject([{ chargedCents: 2500, refundedCents: 2500 }]);
  });

  it('leaves what was charged where it is closed', async () => {
    const charge = await prepared();
    await provider.commit(charge);
    await provider.close(charge);
    expect(books()).toMatchObject([{ status: 'CHARGED', chargedCents: 2500, refundedCents: 0 }]);
  });

  it('does not charge what was closed before', async () => {
    const charge = await prepared();
    await provider.close(charge);
    await expect(provider.commit(charge)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(books()).toMatchObject([{ status: 'CANCELLED', chargedCents: 0 }]);
  });

  it.each(['commit', 'undo', 'close'] as const)('passes on what is no refusal: %s', async (call) => {
    const charge = await prepared();
    tables.beforeNextWrite(() => Promise.reject(new Error('books away')));
    await expect(provider[call](charge)).rejects.toThrow('books away');
  });
});
