import { beforeEach, describe, expect, it } from '@jest/globals';
import { PaymentDeclinedError, PaymentProviderUnavailableError } from '../../../lambdas/payment/errors.ts';
import { sandboxProvider } from '../../../lambdas/payment/sandbox-provider.ts';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const provider = sandboxProvider('SandboxCharges');
const request = { orderId: 'ord_1', amountCents: 2500, currency: 'EUR', paymentMethod: 'pm_card_visa' };

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ SandboxCharges: 'key' });
});
const books = () => tables.row('SandboxCharges', 'ord_1#charge');

describe('the sandbox payment provider', () => {
  it.each([
    ['pm_card_declined', PaymentDeclinedError],
    ['pm_unheard_of', PaymentDeclinedError],
    ['pm_card_unavailable', PaymentProviderUnavailableError],
  ])('does not charge %s', async (paymentMethod, refusal) => {
    await expect(provider.charge({ ...request, paymentMethod })).rejects.toBeInstanceOf(refusal);
    expect(books()).toBeUndefined();
  });

  it('says why it declines, without a word of the payment method', async () => {
    const declined = provider.charge({ ...request, paymentMethod: 'pm_unheard_of' });
    await expect(declined).rejects.toMatchObject({ reason: 'no such payment method' });
  });

  it.each(['charge', 'refund', 'close'] as const)('passes on what is no refusal: %s', async (call) => {
    tables.beforeNextWrite(() => Promise.reject(new Error('books away')));
    const answer = call === 'charge' ? provider.charge(request) : provider[call]('ord_1');
    await expect(answer).rejects.toThrow('books away');
  });

  it('answers a repeat with the first charge, whatever it asks for', async () => {
    const first = await provider.charge(request);
    await expect(provider.charge({ ...request, amountCents: 9999 })).resolves.toEqual(first);
    expect(books()).toMatchObject({ chargedCents: 2500 });
  });

  it('charges once where two calls meet', async () => {
    tables.beforeNextWrite(() => provider.charge(request));
    await expect(provider.charge({ ...request, amountCents: 9999 })).resolves.toEqual({
      chargeId: 'ch_ord_1',
    });
    expect(books()).toMatchObject({ chargedCents: 2500 });
  });

  it('refuses a charge whose refund came first, and one whose refund came in between', async () => {
    tables.beforeNextWrite(() => provider.refund('ord_1'));
    await expect(provider.charge(request)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    await expect(provider.charge(request)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(books()).toMatchObject({ chargedCents: 0, refundedCents: 0, refundKey: 'ord_1#refund' });
  });

  it('gives back what was charged, and no more for a second time', async () => {
    await provider.charge(request);
    await provider.refund('ord_1');
    await provider.refund('ord_1');
    expect(books()).toMatchObject({ chargedCents: 2500, refundedCents: 2500 });
  });

  it('that is closed gives nothing back, not later either, and charges nothing any more', async () => {
    await provider.charge(request);
    await provider.close('ord_1');
    expect(books()).toMatchObject({ chargedCents: 2500, refundedCents: 0 });
    await expect(provider.charge(request)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    await provider.refund('ord_1');
    expect(books()).toMatchObject({ chargedCents: 2500, refundedCents: 0 });
  });

  it('that is refunded stays so where it is closed then', async () => {
    await provider.charge(request);
    await provider.refund('ord_1');
    await provider.close('ord_1');
    expect(books()).toMatchObject({ chargedCents: 2500, refundedCents: 2500 });
  });

  it('refuses a charge that comes after it was closed', async () => {
    await provider.close('ord_1');
    await expect(provider.charge(request)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(books()).toMatchObject({ chargedCents: 0, refundedCents: 0 });
  });
});
