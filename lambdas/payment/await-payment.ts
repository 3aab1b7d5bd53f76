import * as z from 'zod';
import { Instant } from '../../events/instant.ts';
import { OrderTask, task } from '../runtime/task.ts';
import type { AwaitedPayments } from './awaited-payments.ts';
import { payment } from './payment.ts';

const AwaitPaymentInput = OrderTask.extend({
  by: z.enum(['customer', 'bank']),
  /** The state as the engine knows it: each attempt has a token of its own. */
  entered: z.object({ EnteredTime: Instant, RetryCount: z.int().nonnegative().default(0) }),
  token: z.string().min(1),
});

/**
 * Has the workflow wait until an order's charge is decided. It looks after it has recorded that: what was decided before is
 * told nobody else.
 */
export const awaitPayment =
  (awaited: AwaitedPayments) =>
  async ({ orderId, by, entered, token }: z.infer<typeof AwaitPaymentInput>): Promise<void> => {
    const { EnteredTime, RetryCount } = entered;
    await awaited.record(orderId, {
      by,
      token,
      since: `${EnteredTime}#${String(RetryCount).padStart(3, '0')}`,
    });
    await awaited.look(orderId);
  };

export const handler = task(AwaitPaymentInput, awaitPayment(payment().awaited));
