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

const NOTHING = { chargedCents: 0, refundedCents: 0 };
const CHARGED = { chargedCents: 2500, refundedCents: 0 };
const REFUNDED = { chargedCents: 2500, refundedCents: 2500 };

/**
 * What the port (`lambdas/payment/provider.ts`) asks of any adapter.
 * @param open a provider that knows of nothing yet
 */
export const paymentProviderContract = (
  name: string,
  open: () => PaymentProviderUnderTest | Promise<PaymentProviderUnderTest>,
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
    return { provider, prepare, has, isOver, declined };
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
};
