import * as z from 'zod';
import { type ApiCall, api } from '../runtime/api.ts';
import { DeliveriesEnv, type DeliveryTable, deliveryTable } from '../runtime/deliveries.ts';
import { env } from '../runtime/env.ts';
import { cursorOf, keyIn, limitOf } from '../runtime/paging.ts';

const Key = z.strictObject({ orderId: z.string(), delivery: z.string() });

/** What has become, at each listener, of each event under a correlation id: a page, order by order. */
export const listDeliveries = (table: Pick<DeliveryTable, 'under'>) => async (call: ApiCall) => {
  const { correlationId = '' } = call.path;
  const { deliveries, next } = await table.under(correlationId, limitOf(call), keyIn(call, Key));
  return { status: 200, body: { deliveries, ...(next && { next: cursorOf(next) }) } };
};

export const handler = api(listDeliveries(deliveryTable(env(DeliveriesEnv))));
