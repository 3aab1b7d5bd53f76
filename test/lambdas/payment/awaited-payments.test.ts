import { SendTaskSuccessCommand, SFNClient, TaskTimedOut } from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { awaitPayment } from '../../../lambdas/payment/await-payment.ts';
import { awaitedPayments } from '../../../lambdas/payment/awaited-payments.ts';
import { checkPayment } from '../../../lambdas/payment/check-payment.ts';
import { NotFromProviderError, PaymentProviderUnavailableError } from '../../../lambdas/payment/errors.ts';
import { failedRefunds } from '../../../lambdas/payment/failed-refund.ts';
import { paymentWebhook } from '../../../lambdas/payment/payment-webhook.ts';
import type { Awaited, PaymentNotice, PreparedCharge } from '../../../lambdas/payment/provider.ts';
import { logLinesOf } from '../log-lines.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const order = { orderId: 'ord_1', correlationId: 'corr-1' };
const ACTION: Awaited = { by: 'customer', nextAction: { clientSecret: 'pi_1_secret_2' } };
const BANK: Awaited = { by: 'bank' };
const NOBODY: Awaited = { by: 'nobody' };
const AT = '2026-01-15T09:30:00.000Z';

let tables: TablesInMemory;
const newEngine = () => mockClient(SFNClient);
let engine: ReturnType<typeof newEngine>;
/** What the provider says, and what it was asked of. */
let stands: Awaited | Error;
let asked: PreparedCharge[];
const awaited = awaitedPayments({
  table: 'Payments',
  provider: {
    awaited: async (prepared) => {
      asked.push(prepared);
      if (stands instanceof Error) throw stands;
      return stands;
    },
  },
});

beforeEach(() => {
  tables = tablesInMemory({ Payments: 'orderId' });
  engine = newEngine();
  stands = ACTION;
  asked = [];
});

const charging = (changes: object = {}) =>
  tables.seed('Payments', { ...order, state: 'CHARGING', handle: 'pi_1', ...changes });
const waiting = (token: string, by = 'customer') => ({ token, by, since: `${AT}#000` });
const woken = () => engine.commandCalls(SendTaskSuccessCommand).map(({ args: [{ input }] }) => input);
const wakes = (token: string) => [{ taskToken: token, output: '{}' }];
const wait = (token: string, { EnteredTime = AT, RetryCount = 0, by = 'customer' as const } = {}) =>
  awaitPayment(awaited)({ ...order, by, token, entered: { EnteredTime, RetryCount } });
const tokenOnRecord = () =>
  (tables.row('Payments', 'ord_1') as { awaiting?: { token: string } }).awaiting?.token;

describe('await-payment', () => {
  it('has the workflow wait for its customer', async () => {
    charging();
    await wait('token-1');
    expect(tokenOnRecord()).toBe('token-1');
    expect(woken()).toEqual([]);
  });

  it('wakes it where the customer was quicker than the record', async () => {
    charging();
    stands = NOBODY;
    await wait('token-1');
    expect(woken()).toEqual(wakes('token-1'));
  });

  it('wakes it where it is the bank by now that is waited for', async () => {
    charging();
    stands = BANK;
    await wait('token-1');
    expect(woken()).toEqual(wakes('token-1'));
  });

  it.each(['CHARGED', 'REFUNDING', 'DECLINED'])('wakes it at %s, and does not ask', async (state) => {
    charging({ state });
    await wait('token-1');
    expect(woken()).toEqual(wakes('token-1'));
    expect(asked).toEqual([]);
  });

  it.each([
    ['a later attempt', { RetryCount: 1 }],
    ['a later wait', { EnteredTime: '2026-01-15T09:45:00.000Z' }],
  ])('of two keeps the token of %s, whichever is written last', async (_, later) => {
    charging();
    await wait('token-2', later);
    await wait('token-1');
    expect(tokenOnRecord()).toBe('token-2');
  });

  it('fails where the provider does not answer, and is tried again', async () => {
    charging();
    stands = new PaymentProviderUnavailableError('ord_1');
    await expect(wait('token-1')).rejects.toBe(stands);
    expect(tokenOnRecord()).toBe('token-1');
  });
});

describe('check-payment', () => {
  const check = () => checkPayment(awaited)(order);

  it('tells what the customer has to do', async () => {
    charging({ awaiting: waiting('token-1') });
    await expect(check()).resolves.toEqual({ nextAction: { clientSecret: 'pi_1_secret_2' } });
    expect(asked).toEqual([{ orderId: 'ord_1', intentId: 'pi_1' }]);
    expect(woken()).toEqual([]);
  });

  it('wakes the workflow that nobody has told', async () => {
    charging({ awaiting: waiting('token-1', 'bank') });
    stands = NOBODY;
    await expect(check()).resolves.toEqual({});
    expect(woken()).toEqual(wakes('token-1'));
  });

  it('does not mind that it was woken before', async () => {
    charging({ awaiting: waiting('token-1') });
    stands = NOBODY;
    engine.on(SendTaskSuccessCommand).rejects(new TaskTimedOut({ message: 'no', $metadata: {} }));
    await expect(check()).resolves.toEqual({});
  });

  it('changes nothing', async () => {
    charging({ awaiting: waiting('token-1') });
    await check();
    expect(tables.writes()).toBe(0);
  });

  it.each([
    ['of no order', () => {}],
    ['of one that costs nothing', () => charging({ handle: 'free' })],
    ['of one whose charge was refused', () => charging({ state: 'DECLINED', handle: undefined })],
  ])('asks nothing %s', async (_, given) => {
    given();
    await expect(check()).resolves.toEqual({});
    expect(asked).toEqual([]);
  });
});

describe('payment-webhook', () => {
  let isGivenBack = false;
  beforeEach(() => {
    isGivenBack = false;
  });
  const hear = (notice: PaymentNotice | undefined | Error) =>
    paymentWebhook({
      provider: {
        noticeOf: async () => {
          if (notice instanceof Error) throw notice;
          return notice;
        },
      },
      awaited,
      countFailedRefund: failedRefunds({
        table: 'Payments',
        provider: { isGivenBack: async () => isGivenBack },
      }),
    })({ headers: {}, body: '{}' });
  const notice = { orderId: 'ord_1', intentId: 'pi_1', isOfRefund: false };

  it('wakes the workflow by what it then reads at the provider', async () => {
    charging({ awaiting: waiting('token-1') });
    stands = NOBODY;
    await expect(hear(notice)).resolves.toEqual({ status: 200, body: {} });
    expect(woken()).toEqual(wakes('token-1'));
  });

  it('wakes nobody for what is not so', async () => {
    charging({ awaiting: waiting('token-1') });
    await expect(hear(notice)).resolves.toMatchObject({ status: 200 });
    expect(woken()).toEqual([]);
  });

  it.each([
    ['another charge of the order', { ...notice, intentId: 'pi_2' }],
    ['an order that there is not', { ...notice, orderId: 'ord_2' }],
    ['something else', undefined],
  ])('does nothing for %s', async (_, heard) => {
    charging({ awaiting: waiting('token-1') });
    stands = NOBODY;
    await expect(hear(heard)).resolves.toMatchObject({ status: 200 });
    expect([asked, woken()]).toEqual([[], []]);
  });

  it('before anybody waits changes nothing: whoever begins to wait looks', async () => {
    charging();
    stands = NOBODY;
    await hear(notice);
    expect([woken(), tables.writes()]).toEqual([[], 0]);
  });

  describe('of a refund', () => {
    const ofRefund = { ...notice, isOfRefund: true };
    const refunded = (changes: object = {}) => charging({ state: 'REFUNDED', ...changes });
    const counted = async (heard = ofRefund) =>
      (await logLinesOf(() => hear(heard))).filter((line) => 'RefundsFailed' in line);

    it('that has come back calls an operator', async () => {
      refunded();
      await expect(counted()).resolves.toMatchObject([{ RefundsFailed: 1, ...order }]);
    });

    it.each([
      ['that the provider knows nothing of', () => refunded(), true],
      ['that was settled by hand', () => refunded({ resolution: { note: 'in cash' } }), false],
      ['of another charge', () => refunded({ handle: 'pi_2' }), false],
      ['of what is charged', () => charging({ state: 'CHARGED' }), false],
      ['of no order', () => {}, false],
    ])('%s calls nobody', async (_, given, is) => {
      given();
      isGivenBack = is;
      await expect(counted()).resolves.toEqual([]);
    });
  });

  it('refuses what the provider has not signed', async () => {
    await expect(hear(new NotFromProviderError())).rejects.toMatchObject({
      problem: 'not-from-provider',
      status: 400,
    });
  });

  it('has the provider send it again where it cannot look', async () => {
    charging({ awaiting: waiting('token-1') });
    stands = new PaymentProviderUnavailableError('ord_1');
    await expect(hear(notice)).rejects.toBe(stands);
  });
});
