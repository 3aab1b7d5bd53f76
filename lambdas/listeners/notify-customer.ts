import * as z from 'zod';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { OrderKept } from '../../events/order-kept.ts';
import { adapterOf } from '../runtime/adapter.ts';
import { DeliveriesEnv } from '../runtime/deliveries.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { listener } from '../runtime/listener.ts';
import { logger } from '../runtime/logger.ts';
import { PersonalDataErasedError, type PersonalDataReader, personalData } from '../runtime/personal-data.ts';
import { letterOf } from './letter.ts';
import type { Mailer } from './mailer.ts';
import { type Completion, type Notices, noticeTable } from './notices.ts';
import { sandboxMailer } from './sandbox-mailer.ts';

const Reachable = z.object({ email: z.string().optional() });

/** Where mail about an order goes. @returns undefined where nobody has said so, or it is erased */
const addressOf = async (read: PersonalDataReader, orderId: string): Promise<string | undefined> => {
  try {
    return (await read(orderId, Reachable)).email;
  } catch (error) {
    if (error instanceof PersonalDataErasedError) return undefined;
    throw error;
  }
};

interface Deps {
  readonly mailer: Mailer;
  readonly notices: Notices;
  readonly personal: PersonalDataReader;
}

/** Tells the customer how the order ended, unless they have been told of a later end, or cannot be told. */
export const notifyCustomer =
  ({ mailer, notices, personal }: Deps) =>
  async (event: Completion): Promise<void> => {
    if (!(await notices.note(event))) {
      logger.info('overtaken: the customer knows what came later');
      return;
    }
    const { eventId, correlationId } = event.metadata;
    const { orderId } = event.data;
    const to = await addressOf(personal, orderId);
    if (to === undefined) {
      logger.info('nobody to tell: the order has no e-mail address');
      return;
    }
    await mailer.send({ eventId, orderId, correlationId, to, ...letterOf(event) });
  };

const {
  NOTICES_TABLE,
  REMEMBERED_DAYS,
  adapter: mailer,
} = env(
  z.object({ NOTICES_TABLE: ResourceName, ...DeliveriesEnv.pick({ REMEMBERED_DAYS: true }).shape }).and(
    adapterOf('mailer', {
      sandbox: sandboxMailer,
      ses: async (told) => {
        const { sesMailer } = await import('./ses-mailer.ts');
        return sesMailer(told);
      },
    }),
  ),
);
export const handler = listener(
  [OrderConfirmed, OrderKept, OrderCancelled],
  notifyCustomer({
    mailer,
    notices: noticeTable(NOTICES_TABLE, REMEMBERED_DAYS),
    personal: personalData(),
  }),
);
