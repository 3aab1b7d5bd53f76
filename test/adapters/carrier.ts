import { describe, expect, it } from '@jest/globals';
import type { Carrier } from '../../lambdas/shipment/carrier.ts';

/** What the carrier's own books say of one parcel that was prepared. */
interface BookedParcel {
  readonly status: string;
}

/** An adapter, the carrier's books beside it, and what happens there. */
export interface CarrierUnderTest {
  readonly carrier: Carrier;
  /** Every parcel that was prepared, the first first. */
  readonly books: () => Promise<readonly BookedParcel[]> | readonly BookedParcel[];
  /** Postal codes, in the country of the sender. */
  readonly delivered: string;
  readonly undeliverable: string;
  /** The carrier takes over the one parcel that is booked. */
  readonly leave: () => Promise<void> | void;
}

/** Nobody carries it: it was never booked, or is cancelled. */
const NOT_CARRIED = expect.stringMatching(/^(PREPARED|CANCELLED|REFUSED)$/);
const CANCELLED = { name: 'OrderAlreadyCancelledError' };

/** As the workflow tries again what was not answered, or met another call. */
const persistently = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if ((error as Error).name !== 'CarrierUnavailableError') throw error;
    }
  }
};

/**
 * What the port (`lambdas/shipment/carrier.ts`) asks of any adapter.
 * @param open a carrier that knows of nothing yet
 */
export const carrierContract = (
  name: string,
  open: () => CarrierUnderTest | Promise<CarrierUnderTest>,
): void => {
  const opened = async () => {
    const { carrier, books, delivered, ...beside } = await open();
    const prepare = async (postalCode = delivered) => ({
      orderId: 'ord_1',
      shipmentId: await carrier.prepare({
        orderId: 'ord_1',
        items: [{ sku: 'MUG', quantity: 2 }],
        shippingAddress: {
          name: 'Ada Lovelace',
          line1: 'Invalidenstr. 116',
          city: 'Berlin',
          postalCode,
          country: 'DE',
        },
      }),
    });
    const has = async (...statuses: readonly unknown[]) =>
      expect((await books()).map(({ status }) => status)).toEqual(statuses);
    return { carrier, prepare, has, ...beside };
  };

  describe(`the carrier ${name}`, () => {
    it('prepares what nobody carries, another one each time', async () => {
      const { prepare, has } = await opened();
      const [one, other] = [await prepare(), await prepare()];
      expect(one.shipmentId).not.toBe(other.shipmentId);
      await has('PREPARED', 'PREPARED');
    });

    it('does not deliver everywhere, and does not quote the address', async () => {
      const { prepare, has, undeliverable } = await opened();
      await expect(prepare(undeliverable)).rejects.toMatchObject({
        name: 'AddressUndeliverableError',
        reason: expect.stringMatching(/./),
        message: expect.not.stringMatching(/Ada|Invalidenstr|Berlin|\d{5}/),
      });
      await has(NOT_CARRIED);
    });

    it('books what was prepared, once, and answers a repeat with that booking', async () => {
      const { carrier, prepare, has } = await opened();
      const prepared = await prepare();
      const booked = await carrier.commit(prepared);
      expect(booked).toEqual({ trackingNumber: expect.stringMatching(/./) });
      await expect(carrier.commit(prepared)).resolves.toEqual(booked);
      await has('BOOKED');
    });

    it('books but what is committed', async () => {
      const { carrier, prepare, has } = await opened();
      await prepare();
      await carrier.commit(await prepare());
      await has('PREPARED', 'BOOKED');
    });

    it.each(['undo', 'close'] as const)('never books what was not booked before its %s', async (end) => {
      const { carrier, prepare, has } = await opened();
      const prepared = await prepare();
      await carrier[end](prepared);
      await carrier[end](prepared);
      await expect(carrier.commit(prepared)).rejects.toMatchObject(CANCELLED);
      await has('CANCELLED');
    });

    it('cancels what was booked, and books it no more', async () => {
      const { carrier, prepare, has } = await opened();
      const prepared = await prepare();
      await carrier.commit(prepared);
      await carrier.undo(prepared);
      await carrier.undo(prepared);
      await has('CANCELLED');
      await expect(carrier.commit(prepared)).rejects.toMatchObject(CANCELLED);
      await has('CANCELLED');
    });

    it('where it is closed leaves what was booked', async () => {
      const { carrier, prepare, has } = await opened();
      const prepared = await prepare();
      await carrier.commit(prepared);
      await carrier.close(prepared);
      await carrier.close(prepared);
      await has('BOOKED');
    });

    it('knows whether a parcel has left, after which it cannot be cancelled, and answers its number', async () => {
      const { carrier, prepare, has, leave } = await opened();
      const prepared = await prepare();
      await expect(carrier.isDispatched(prepared)).resolves.toBe(false);
      const booked = await carrier.commit(prepared);
      await expect(carrier.isDispatched(prepared)).resolves.toBe(false);
      await leave();
      await expect(carrier.isDispatched(prepared)).resolves.toBe(true);
      await expect(carrier.undo(prepared)).rejects.toMatchObject({ name: 'ShipmentDispatchedError' });
      await carrier.close(prepared);
      await expect(carrier.commit(prepared)).resolves.toEqual(booked);
      await has('DISPATCHED');
    });

    it('has left nowhere with what was cancelled', async () => {
      const { carrier, prepare } = await opened();
      const prepared = await prepare();
      await carrier.commit(prepared);
      await carrier.undo(prepared);
      await expect(carrier.isDispatched(prepared)).resolves.toBe(false);
    });

    it.each(['commit', 'undo', 'close'] as const)(
      'decides for one of two that meet: commit and %s',
      async (other) => {
        const { carrier, prepare, has } = await opened();
        const prepared = await prepare();
        const [committed] = await Promise.allSettled([
          persistently(() => carrier.commit(prepared)),
          persistently<unknown>(() => carrier[other](prepared)),
        ]);
        if (other === 'undo') await carrier.undo(prepared);
        const isBooked = committed.status === 'fulfilled';
        if (!isBooked) expect(committed.reason).toMatchObject(CANCELLED);
        await has(isBooked && other !== 'undo' ? 'BOOKED' : 'CANCELLED');
      },
    );
  });
};
