import type * as z from 'zod';
import { OrderTask, task } from '../runtime/task.ts';
import { type AwaitedPayments, awaitedPayments } from './awaited-payments.ts';
import { payment } from './payment.ts';
import type { NextAction } from './provider.ts';

/**
 * Tells whoever asks what an order's customer has to do so that its charge goes through. Where its workflow waits, and need
 * not any more, it is woken.
 */
export const checkPayment =
  (awaited: Pick<AwaitedPayments, 'look'>) =>
  async ({ orderId }: z.infer<typeof OrderTask>): Promise<{ readonly nextAction?: NextAction }> => {
    const found = await awaited.look(orderId);
    return found.by === 'customer' ? { nextAction: found.nextAction } : {};
  };

export const handler = task(OrderTask, checkPayment(awaitedPayments(payment())));
