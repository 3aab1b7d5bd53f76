import { describe, expect, it } from '@jest/globals';
import type { PaymentProvider, PreparedCharge } from '../../lambdas/payment/provider.ts';

/** What the provider's own books say of one charge that was prepared. */
interface BookedCharge {
  readonly chargedCents: number;
  readonly refundedCents: number;
}

/** An adapter, the provider's books beside it, and payment methods that the provider takes so, or not. */
export interface PaymentProviderUnderTest {
  readonly provider: PaymentProvider;
  /** Every charge that was prepared, the first first. */
  readonly books: () => Promise<readonly BookedCharge[]> | readonly BookedCharge[];
  readonly accepted: string;
  /** Declined when it is to be charged. */
  readonly declined: string;
}

/** Of a provider that may make an order wait: by which payment method for whom, and how that ends. */
export interface Waits {
  readonly customer: string;
  readonly bank: string;
  /** The customer has acted, or the bank has decided: it is paid, or not. */
  readonly settle: (intentId: string, isPaid: boolean) => void;
}

const NOTHING = { chargedCents: 0, refundedCents: 0 };
const CHARGED = { chargedCents: 2500, refundedCents: 0 };
const REFUNDED = { chargedCents: 2500, refundedCents: 2500 };

/**
 * What the port (`lambdas/payment/provider.ts`) asks of any adapter.
 * @param open a provider that knows of nothing yet
 * @param waits of one that may make an order wait
 */
export const paymentProviderContract = (
  name: string,
  open: () => PaymentProviderUnderTest | Promise<PaymentProviderUnderTest>,
  waits?: Waits,
): void => {
  const opened = async () => {
    const { provider, books, accepted, declined } = await open();
    const prepare = async (paymentMethod = accepted) => ({
      orderId: 'ord_1',
      intentId: await provider.prepare({
        orderId: 'ord_1',
        correlationId: 'corr-1',
        amountCents: 2500,
        currency: 'EUR',
        paymentMethod,
      }),
    });
    const has = async (...charges: readonly BookedCharge[]) =>
      expect(
        (await books()).map(({ chargedCents, refundedCents }) => ({ chargedCents, refundedCents })),
      ).toEqual(charges);
    /** No commit charges it any more, the first no more than another. */
    const isOver = async (prepared: PreparedCharge) => {
      for (const isRepeat of [false, true])
        await expect(provider.commit(prepared, isRepeat)).rejects.toMatchObject({
          name: 'OrderAlreadyCancelledError',
        });
    };
    const settle = ({ intentId }: PreparedCharge, isPaid: boolean) => waits?.settle(intentId, isPaid);
    return { provider, prepare, has, isOver, declined, settle };
  };

  describe(`the payment provider ${name}`, () => {
    it('prepares what costs nothing, another one each time', async () => {
      const { prepare, has } = await opened();
      const [one, other] = [await prepare(), await prepare()];
      expect(one.intentId).not.toBe(other.intentId);
      await has(NOTHING, NOTHING);
    });

    it('prepares nothing by a payment method that it does not know, and does not quote it', async () => {
      const { prepare, has } = await opened();
      const refused = prepare('pm_unheard_of');
      await expect(refused).rejects.toMatchObject({
        name: 'PaymentDeclinedError',
        reason: 'no such payment method',
        message: expect.not.stringContaining('pm_unheard_of'),
      });
      await has();
    });

    it('charges what was prepared, once, and answers a repeat with that charge', async () => {
      const { provider, prepare, has } = await opened();
      const prepared = await prepare();
      const charge = await provider.commit(prepared, false);
      expect(charge).toEqual({ chargeId: expect.stringMatching(/./) });
      await expect(provider.commit(prepared, true)).resolves.toEqual(charge);
      await has(CHARGED);
    });

    it('charges what was prepared where a first commit may have been lost', async () => {
      const { provider, prepare, has } = await opened();
      await provider.commit(await prepare(), true);
      await has(CHARGED);
    });

    it('awaits nobody where it has charged', async () => {
      const { provider, prepare } = await opened();
      const prepared = await prepare();
      await provider.commit(prepared, false);
      await expect(provider.awaited(prepared)).resolves.toEqual({ by: 'nobody' });
    });

    it('takes nothing for a notice of the provider that it has not signed', async () => {
      const { provider } = await opened();
      await expect(provider.noticeOf({}, '{}')).rejects.toMatchObject({ name: 'NotFromProviderError' });
    });

    it('charges but what is committed', async () => {
      const { provider, prepare, has } = await opened();
      await prepare();
      await provider.commit(await prepare(), false);
      await has(NOTHING, CHARGED);
    });

    it('declines a card for good, without a word of it', async () => {
      const { provider, prepare, has, declined } = await opened();
      const prepared = await prepare(declined);
      const refused = {
        name: 'PaymentDeclinedError',
        reason: expect.stringMatching(/./),
        message: expect.not.stringContaining(declined),
      };
      await expect(provider.commit(prepared, false)).rejects.toMatchObject(refused);
      await expect(provider.commit(prepared, true)).rejects.toMatchObject(refused);
      await has(NOTHING);
    });

    it('cancels what was not charged yet: it never will be', async () => {
      const { provider, prepare, has, isOver } = await opened();
      const prepared = await prepare();
      await provider.undo(prepared);
      await provider.undo(prepared);
      await isOver(prepared);
      await has(NOTHING);
    });

    it('cancels what was declined', async () => {
      const { provider, prepare, has, isOver, declined } = await opened();
      const prepared = await prepare(declined);
      await provider.commit(prepared, false).catch(() => {});
      await provider.undo(prepared);
      await isOver(prepared);
      await has(NOTHING);
    });

    it('gives back what was charged, once, and charges it no more', async () => {
      const { provider, prepare, has, isOver } = await opened();
      const prepared = await prepare();
      await provider.commit(prepared, false);
      await provider.undo(prepared);
      await provider.undo(prepared);
      await has(REFUNDED);
      await isOver(prepared);
      await has(REFUNDED);
    });

    it('tells whether the customer has it all back', async () => {
      const { provider, prepare } = await opened();
      const [prepared, other] = [await prepare(), await prepare()];
      await expect(provider.isGivenBack(prepared)).resolves.toBe(true);
      await provider.commit(prepared, false);
      await expect(provider.isGivenBack(prepared)).resolves.toBe(false);
      for (const each of [prepared, other]) await provider.undo(each);
      await expect(provider.isGivenBack(prepared)).resolves.toBe(true);
      await expect(provider.isGivenBack(other)).resolves.toBe(true);
    });

    it('where it is closed leaves what was charged', async () => {
      const { provider, prepare, has } = await opened();
      const prepared = await prepare();
      await provider.commit(prepared, false);
      await provider.close(prepared);
      await provider.close(prepared);
      await has(CHARGED);
    });

    it('does not charge what was closed before', async () => {
      const { provider, prepare, has, isOver } = await opened();
      const prepared = await prepare();
      await provider.close(prepared);
      await provider.close(prepared);
      await isOver(prepared);
      await has(NOTHING);
    });

    it.each(['commit', 'undo', 'close'] as const)(
      'decides for one of two that meet: commit and %s',
      async (other) => {
        const { provider, prepare, has } = await opened();
        const prepared = await prepare();
        const [committed] = await Promise.allSettled([
          provider.commit(prepared, false),
          other === 'commit' ? provider.commit(prepared, true) : provider[other](prepared),
        ]);
        if (other === 'commit') return has(CHARGED);
        if (other === 'undo') await provider.undo(prepared);
        const isCharged = committed.status === 'fulfilled';
        if (!isCharged) expect(committed.reason).toMatchObject({ name: 'OrderAlreadyCancelledError' });
        await has(!isCharged ? NOTHING : other === 'undo' ? REFUNDED : CHARGED);
      },
    );
  });

  if (!waits) return;
  describe.each([
    ['its customer', waits.customer, 'PaymentActionRequiredError', 'customer'],
    ['a bank', waits.bank, 'PaymentPendingError', 'bank'],
  ])(`the payment provider ${name} that waits for %s`, (_, paymentMethod, error, by) => {
    const waiting = async () => {
      const { prepare, ...rest } = await opened();
      const prepared = await prepare(paymentMethod);
      await expect(rest.provider.commit(prepared, false)).rejects.toMatchObject({ name: error });
      return { prepared, ...rest };
    };

    it('says so at every commit, and by whom it is awaited, and charges nothing', async () => {
      const { provider, prepared, has } = await waiting();
      for (let repeats = 0; repeats < 3; repeats += 1)
        await expect(provider.commit(prepared, true)).rejects.toMatchObject({
          name: error,
          message: expect.not.stringContaining(paymentMethod),
        });
      await expect(provider.awaited(prepared)).resolves.toMatchObject({ by });
      await has(NOTHING);
    });

    it('charges once that has come, and awaits nobody', async () => {
      const { provider, prepared, settle, has } = await waiting();
      settle(prepared, true);
      await expect(provider.awaited(prepared)).resolves.toEqual({ by: 'nobody' });
      const charge = await provider.commit(prepared, true);
      await expect(provider.commit(prepared, true)).resolves.toEqual(charge);
      await has(CHARGED);
    });

    it('declines for good where it fails', async () => {
      const { provider, prepared, settle, isOver, has } = await waiting();
      settle(prepared, false);
      await expect(provider.awaited(prepared)).resolves.toEqual({ by: 'nobody' });
      for (let repeats = 0; repeats < 2; repeats += 1)
        await expect(provider.commit(prepared, true)).rejects.toMatchObject({
          name: 'PaymentDeclinedError',
          reason: expect.stringMatching(/./),
        });
      await provider.undo(prepared);
      await isOver(prepared);
      await has(NOTHING);
    });

    it('gives back what was paid behind its back', async () => {
      const { provider, prepared, settle, isOver, has } = await waiting();
      settle(prepared, true);
      await provider.undo(prepared);
      await isOver(prepared);
      await has(REFUNDED);
    });
  });

  it(`the payment provider ${name} cancels what awaits its customer: they come too late`, async () => {
    const { provider, prepare, settle, isOver, has } = await opened();
    const prepared = await prepare(waits.customer);
    await provider.commit(prepared, false).catch(() => {});
    await provider.undo(prepared);
    await expect(provider.awaited(prepared)).resolves.toEqual({ by: 'nobody' });
    expect(() => settle(prepared, true)).toThrow();
    await isOver(prepared);
    await has(NOTHING);
  });

  it(`the payment provider ${name} leaves nothing of a debit that is undone, at once or later`, async () => {
    const { provider, prepare, settle, isOver, has } = await opened();
    const prepared = await prepare(waits.bank);
    await provider.commit(prepared, false).catch(() => {});
    const [undone] = await Promise.allSettled([provider.undo(prepared)]);
    if (undone.status === 'rejected') {
      expect(undone.reason).toMatchObject({ name: 'PaymentProviderUnavailableError' });
      settle(prepared, true);
      await provider.undo(prepared);
    }
    await isOver(prepared);
    await has(undone.status === 'rejected' ? REFUNDED : NOTHING);
  });
};
