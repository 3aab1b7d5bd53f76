import * as z from 'zod';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { OrderKept } from '../../events/order-kept.ts';
import { CANCELLATIONS, wasConfirmed } from '../../saga/reasons.ts';
import { DeliveriesEnv } from '../runtime/deliveries.ts';
import { adapterOf, env, noSandboxInProd, ResourceName, STAGE } from '../runtime/env.ts';
import { listener } from '../runtime/listener.ts';
import { logger } from '../runtime/logger.ts';
import type { Mailer } from './mailer.ts';
import { type Completion, type Notices, noticeTable } from './notices.ts';
import { sandboxMailer } from './sandbox-mailer.ts';

/** Minor units as people write them: 2500 is €25.00, or ¥2,500. */
const money = (minorUnits: number, currency: string) => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minorUnits / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

const letter = ({ type, data }: Completion): { subject: string; text: string } => {
  const { orderId } = data;
  const isFree = data.totalCents === 0;
  const total = money(data.totalCents, data.currency);
  if (type === 'OrderConfirmed') {
    return {
      subject: `Your order ${orderId} is confirmed`,
      text: `${isFree ? 'It costs you nothing,' : `We have charged ${total}`} and your parcel is on its way: ${data.trackingNumber}.`,
    };
  }
  if (type === 'OrderKept') {
    const { tried } = CANCELLATIONS[wasConfirmed(data.reason) ? data.reason : 'CancelledByOperator'].letter;
    return {
      subject: `Your order ${orderId} could not be cancelled`,
      text: `${tried} to cancel your order, but your parcel had already left: ${data.trackingNumber}. It comes as ordered${isFree ? '.' : `, and nothing of the ${total} is refunded.`}`,
    };
  }
  const [what, refund] = wasConfirmed(data.reason)
    ? [CANCELLATIONS[data.reason].letter.cancelled, `${total} is on its way back to you.`]
    : ['We could not complete your order.', `It costs you nothing: any payment of ${total} is returned.`];
  return {
    subject: `Your order ${orderId} is cancelled`,
    text: isFree ? what : `${what} ${refund}`,
  };
};

interface Deps {
  readonly mailer: Mailer;
  readonly notices: Notices;
}

/** Tells the customer how the order ended, unless they have been told of a later end. */
export const notifyCustomer =
  ({ mailer, notices }: Deps) =>
  async (event: Completion): Promise<void> => {
    if (!(await notices.note(event))) {
      logger.info('overtaken: the customer knows what came later');
      return;
    }
    const { eventId } = event.metadata;
    await mailer.send({ eventId, customerId: event.data.customerId, ...letter(event) });
  };

const { NOTICES_TABLE, MAILBOX_TABLE, REMEMBERED_DAYS } = env(
  z
    .object({
      STAGE,
      MAILER: adapterOf('mailer'),
      MAILBOX_TABLE: ResourceName,
      NOTICES_TABLE: ResourceName,
      ...DeliveriesEnv.pick({ REMEMBERED_DAYS: true }).shape,
    })
    .superRefine(noSandboxInProd('MAILER')),
);
export const handler = listener(
  [OrderConfirmed, OrderKept, OrderCancelled],
  notifyCustomer({
    mailer: sandboxMailer(MAILBOX_TABLE),
    notices: noticeTable(NOTICES_TABLE, REMEMBERED_DAYS),
  }),
);
