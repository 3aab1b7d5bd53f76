import type { AnswerTo } from '../../api/routes.ts';
import { Problem } from '../runtime/problem.ts';
import { type WebhookCall, webhook } from '../runtime/webhook.ts';
import { type AwaitedPayments, awaitedPayments } from './awaited-payments.ts';
import { NotFromProviderError } from './errors.ts';
import { failedRefunds } from './failed-refund.ts';
import { payment } from './payment.ts';
import type { PaymentNotice, PaymentProvider } from './provider.ts';

interface Deps {
  readonly provider: Pick<PaymentProvider, 'noticeOf'>;
  readonly awaited: Pick<AwaitedPayments, 'look'>;
  readonly countFailedRefund: (notice: PaymentNotice) => Promise<void>;
}

/**
 * Hears of a charge from its provider. A notice is a reason to look, and nothing in it is believed: it may come late, twice,
 * or after a later one.
 */
export const paymentWebhook =
  ({ provider, awaited, countFailedRefund }: Deps) =>
  async ({ headers, body }: WebhookCall): Promise<AnswerTo<'POST /webhooks/payment'>> => {
    const notice = await provider.noticeOf(headers, body).catch((error: Error) => {
      if (error instanceof NotFromProviderError) throw new Problem('not-from-provider', error.message);
      throw error;
    });
    if (notice?.isOfRefund) await countFailedRefund(notice);
    else if (notice) await awaited.look(notice.orderId, notice.intentId);
    return { status: 200, body: {} };
  };

const deps = payment();
export const handler = webhook(
  paymentWebhook({ ...deps, awaited: awaitedPayments(deps), countFailedRefund: failedRefunds(deps) }),
);
