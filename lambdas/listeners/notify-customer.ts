import * as z from 'zod';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { Adapter, env, noSandboxInProd, ResourceName, STAGE } from '../runtime/env.ts';
import { type EventOf, listener } from '../runtime/listener.ts';
import type { Mailer } from './mailer.ts';
import { sandboxMailer } from './sandbox-mailer.ts';

type Completion = EventOf<typeof OrderConfirmed | typeof OrderCancelled>;

/** Minor units as people write them: 2500 is €25.00, or ¥2,500. */
const money = (minorUnits: number, currency: string) => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minorUnits / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

const letter = ({ type, data }: Completion): { subject: string; text: string } => {
  const { orderId } = data;
  const total = money(data.totalCents, data.currency);
  if (type === 'OrderConfirmed') {
    return {
      subject: `Your order ${orderId} is confirmed`,
      text: `We have charged ${total} and your parcel is on its way: ${data.trackingNumber}.`,
    };
  }
  return {
    subject: `Your order ${orderId} is cancelled`,
    text:
      data.reason === 'CancelledByCustomer'
        ? `As you asked, we have cancelled your order. ${total} is on its way back to you.`
        : `We could not complete your order. It costs you nothing: any payment of ${total} is returned.`,
  };
};

/** Tells the customer how the order ended. */
export const notifyCustomer = (mailer: Mailer) => async (event: Completion) => {
  const { eventId } = event.metadata;
  await mailer.send({ eventId, customerId: event.data.customerId, ...letter(event) });
};

const { MAILBOX_TABLE } = env(
  z.object({ STAGE, MAILER: Adapter, MAILBOX_TABLE: ResourceName }).superRefine(noSandboxInProd('MAILER')),
);
export const handler = listener(
  [OrderConfirmed, OrderCancelled],
  notifyCustomer(sandboxMailer(MAILBOX_TABLE)),
);
