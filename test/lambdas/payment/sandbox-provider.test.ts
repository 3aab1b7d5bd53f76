import { beforeEach, describe, expect, it } from '@jest/globals';
import { PaymentProviderUnavailableError } from '../../../lambdas/payment/errors.ts';
import { sandboxProvider } from '../../../lambdas/payment/sandbox-provider.ts';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { paymentProviderContract } from '../../adapters/payment-provider.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const provider = sandboxProvider('SandboxCharges');
const request = {
  orderId: 'ord_1',
  correlationId: 'corr-1',
  amountCents: 2500,
  currency: 'EUR',
  paymentMethod: 'pm_card_visa',
};

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ SandboxCharges: 'intentId' });
});
const prepared = async (changes: Partial<typeof request> = {}) => ({
  orderId: 'ord_1',
  intentId: await provider.prepare({ ...request, ...changes }),
});
const books = () => tables.rowsOf('SandboxCharges');

paymentProviderContract('sandbox', () => ({
  provider,
  books: () => books() as unknown as { chargedCents: number; refundedCents: number }[],
  accepted: 'pm_card_visa',
  declined: 'pm_card_declined',
}));

describe('the sandbox payment provider', () => {
  it('does not answer for pm_card_unavailable', async () => {
    await expect(prepared({ paymentMethod: 'pm_card_unavailable' })).rejects.toBeInstanceOf(
      PaymentProviderUnavailableError,
    );
    expect(books()).toEqual([]);
  });

  it('knows no method by a name that every object knows', async () => {
    await expect(prepared({ paymentMethod: 'constructor' })).rejects.toMatchObject({
      reason: 'no such payment method',
    });
    expect(books()).toEqual([]);
  });

  it('does not keep the payment method', async () => {
    await prepared({ paymentMethod: 'pm_card_declined' });
    expect(JSON.stringify(books())).not.toContain('pm_card');
  });

  it('does not charge what is cancelled a moment before', async () => {
    const charge = await prepared();
    tables.beforeNextWrite(() => provider.undo(charge));
    await expect(provider.commit(charge, true)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(books()).toMatchObject([{ status: 'CANCELLED', chargedCents: 0 }]);
  });

  it('gives back what is charged a moment before it is cancelled', async () => {
    const charge = await prepared();
    tables.beforeNextWrite(() => provider.commit(charge, false));
    await provider.undo(charge);
    expect(books()).toMatchObject([{ chargedCents: 2500, refundedCents: 2500 }]);
  });

  it.each(['commit', 'undo', 'close'] as const)('passes on what is no refusal: %s', async (call) => {
    const charge = await prepared();
    tables.beforeNextWrite(() => Promise.reject(new Error('books away')));
    await expect(call === 'commit' ? provider.commit(charge, false) : provider[call](charge)).rejects.toThrow(
      'books away',
    );
  });
});
