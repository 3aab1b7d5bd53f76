import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as chargePayment } from '../../../lambdas/payment/charge-payment.ts';
import { PaymentDeclinedError, PaymentProviderUnavailableError } from '../../../lambdas/payment/errors.ts';
import { payment } from '../../../lambdas/payment/payment.ts';
import { handler as refundPayment } from '../../../lambdas/payment/refund-payment.ts';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const order = { orderId: 'ord_1', correlationId: 'corr-1' };
const input = { ...order, totalCents: 2500, currency: 'EUR' };

const charge = ({ paymentMethod = 'pm_card_visa', ...changes }: Record<string, unknown> = {}) => {
  tables.seed('PersonalData', { orderId: 'ord_1', paymentMethod });
  return chargePayment({ ...input, ...changes }, lambdaContext);
};
const refund = (resolutions = {}) => refundPayment({ ...order, resolutions }, lambdaContext);
const byHand = { note: 'paid back in cash', by: 'operator-1', at: '2026-01-15T09:40:00.000Z' };

let tables: TablesInMemory;
const entry = () => tables.row('Payments', 'ord_1');
const books = () => tables.rowsOf('SandboxCharges');

beforeEach(() => {
  tables = tablesInMemory({ Payments: 'orderId', SandboxCharges: 'intentId', PersonalData: 'orderId' });
});

describe('charge-payment', () => {
  it("charges the order's total once, however often it is called", async () => {
    const first = await charge();
    expect(first).toEqual({ chargeId: expect.any(String) });
    await expect(charge()).resolves.toEqual(first);
    expect(books()).toMatchObject([{ chargedCents: 2500, currency: 'EUR', refundedCents: 0 }]);
    expect(entry()).toMatchObject({ state: 'CHARGED', amountCents: 2500, currency: 'EUR', result: first });
  });

  it('does not keep the payment method', async () => {
    await charge();
    expect(JSON.stringify([tables.rowsOf('Payments'), books()])).not.toContain('pm_card_visa');
  });

  it('charges nothing for what is free, and the ledger says so', async () => {
    await expect(charge({ totalCents: 0, paymentMethod: 'pm_card_declined' })).resolves.toEqual({});
    await expect(charge({ totalCents: 0 })).resolves.toEqual({});
    expect(entry()).toMatchObject({ state: 'CHARGED', amountCents: 0, currency: 'EUR', result: {} });
    expect(books()).toEqual([]);
  });

  it('is declined for good: a repeat with another card is declined too', async () => {
    await expect(charge({ paymentMethod: 'pm_card_declined' })).rejects.toBeInstanceOf(PaymentDeclinedError);
    await expect(charge()).rejects.toMatchObject({
      name: 'PaymentDeclinedError',
      reason: 'the card was declined',
    });
    expect(books()).toMatchObject([{ status: 'PREPARED', chargedCents: 0 }]);
  });

  it('has not begun while the provider does not answer, and is settled by a later attempt', async () => {
    const silent = charge({ paymentMethod: 'pm_card_unavailable' });
    await expect(silent).rejects.toBeInstanceOf(PaymentProviderUnavailableError);
    expect(entry()).toBeUndefined();
    await charge();
    expect(entry()).toMatchObject({ state: 'CHARGED' });
  });

  it('that crashed after the provider had charged is settled without a second charge', async () => {
    const first = await charge();
    tables.seed('Payments', { ...entry(), state: 'CHARGING' });
    const booked = books();
    await expect(charge()).resolves.toEqual(first);
    expect(books()).toEqual(booked);
    expect(entry()).toMatchObject({ state: 'CHARGED' });
  });

  it('that is still on its way when its undo is through charges nothing', async () => {
    tables.beforeNextWrite(async () => {
      // Prepared, on record, and not committed yet.
      tables.beforeNextWrite(async () => {
        tables.beforeNextWrite(() => refund());
      });
    });
    await expect(charge()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
    expect(books()).toMatchObject([{ status: 'CANCELLED', chargedCents: 0 }]);
  });

  it('whose undo came first leaves at the provider what costs nothing', async () => {
    tables.beforeNextWrite(async () => {
      tables.beforeNextWrite(() => refund());
    });
    await expect(charge()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(entry()).toMatchObject({ state: 'VOIDED' });
    expect(books()).toMatchObject([{ status: 'PREPARED', chargedCents: 0 }]);
  });

  it('of what is free has nothing to give back behind its undo', async () => {
    tables.beforeNextWrite(() => refund());
    await expect(charge({ totalCents: 0 })).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(books()).toEqual([]);
  });

  it('does not start in prod with the sandbox for a provider', () => {
    process.env.STAGE = 'prod';
    expect(payment).toThrow('PAYMENT_PROVIDER: ');
    process.env.STAGE = 'dev';
  });

  it.each([
    ['totalCents', -1],
    ['totalCents', 24.5],
    ['currency', 'EURO'],
    ['orderId', undefined],
  ])('refuses an input whose %s is %j, and charges nothing', async (field, value) => {
    await expect(charge({ [field]: value })).rejects.toThrow(new RegExp(`^invalid input: ${field}: `));
    expect(tables.writes()).toBe(0);
  });
});

describe('charge-payment, for its means of payment,', () => {
  it('reads it by the order, and nothing beside it', async () => {
    await charge();
    const [read] = tables.calls.commandCalls(GetCommand, { TableName: 'PersonalData' });
    expect(read?.args[0].input).toMatchObject({
      ConsistentRead: true,
      ProjectionExpression: '#paymentMethod',
      ExpressionAttributeNames: { '#paymentMethod': 'paymentMethod' },
    });
  });

  it('fails by name where it is erased, and charges nothing', async () => {
    await expect(chargePayment(input, lambdaContext)).rejects.toMatchObject({
      name: 'PersonalDataErasedError',
    });
    expect(books()).toEqual([]);
  });

  it('refuses one that is empty', async () => {
    await expect(charge({ paymentMethod: '' })).rejects.toThrow(/^invalid input: paymentMethod: /);
    expect(books()).toEqual([]);
  });
});

describe('refund-payment', () => {
  it('gives back all that was charged, once', async () => {
    await charge();
    await refund();
    await refund();
    expect(books()).toMatchObject([{ chargedCents: 2500, refundedCents: 2500 }]);
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('of nothing fences the order: a late charge is refused and costs nothing', async () => {
    await refund();
    await expect(charge()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(entry()).toMatchObject({ state: 'VOIDED' });
    expect(books()).toEqual([]);
  });

  it('of an attempt that left no outcome gives back what the provider had charged', async () => {
    await charge();
    tables.seed('Payments', { ...entry(), state: 'CHARGING' });
    await refund();
    expect(books()).toMatchObject([{ refundedCents: 2500 }]);
    expect(entry()).toMatchObject({ state: 'REFUNDED' });
  });

  it('that was settled by hand while the charge was on its way lets it charge nothing', async () => {
    tables.beforeNextWrite(async () => {
      tables.beforeNextWrite(async () => {
        tables.beforeNextWrite(() => refund({ RefundPayment: byHand }));
      });
    });
    await expect(charge()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(books()).toMatchObject([{ status: 'CANCELLED', chargedCents: 0 }]);
  });

  it('that was settled by hand is recorded, and gives nothing back', async () => {
    await charge();
    await refund({ RefundPayment: byHand });
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
    expect(books()).toMatchObject([{ chargedCents: 2500, refundedCents: 0 }]);
  });

  it('of what was free, settled by hand, leaves the provider alone', async () => {
    await charge({ totalCents: 0 });
    await refund({ RefundPayment: byHand });
    expect(entry()).toMatchObject({ state: 'REFUNDED', resolution: byHand });
    expect(books()).toEqual([]);
  });

  it('that the provider does not answer stays begun', async () => {
    await charge();
    tables.beforeNextWrite(async () => {
      tables.beforeNextWrite(() => Promise.reject(new Error('no answer')));
    });
    await expect(refund()).rejects.toThrow('no answer');
    expect(entry()).toMatchObject({ state: 'REFUNDING' });
  });

  it('is done where only another undo was settled by hand', async () => {
    await charge();
    await refund({ CancelShipment: byHand, ReleaseInventory: byHand });
    expect(books()).toMatchObject([{ refundedCents: 2500 }]);
  });

  it('of what was free leaves the provider alone', async () => {
    await charge({ totalCents: 0 });
    await refund();
    expect(entry()).toMatchObject({ state: 'REFUNDED', amountCents: 0 });
    expect(books()).toEqual([]);
  });

  it('of a declined payment touches neither ledger nor provider', async () => {
    await charge({ paymentMethod: 'pm_card_declined' }).catch(() => undefined);
    await refund();
    expect(entry()).toMatchObject({ state: 'DECLINED' });
    expect(books()).toMatchObject([{ status: 'PREPARED', chargedCents: 0 }]);
  });
});
