import * as z from 'zod';
import { OrderTask, task } from '../runtime/task.ts';
import { EnteredState, waitKey } from '../runtime/wait.ts';
import { type AwaitedPayments, awaitedPayments } from './awaited-payments.ts';
import { payment } from './payment.ts';

const AwaitPaymentInput = OrderTask.extend({
  by: z.enum(['customer', 'bank']),
  entered: EnteredState,
  token: z.string().min(1),
});

/**
 * Has the workflow wait until an order's charge is decided. It looks after it has recorded that: what was decided before is
 * told nobody else.
 */
export const awaitPayment =
  (awaited: AwaitedPayments) =>
  async ({ orderId, by, entered, token }: z.infer<typeof AwaitPaymentInput>): Promise<void> => {
    await awaited.record(orderId, { by, token, since: waitKey(entered.EnteredTime, entered.RetryCount) });
    await awaited.look(orderId);
  };

export const handler = task(AwaitPaymentInput, awaitPayment(awaitedPayments(payment())));
