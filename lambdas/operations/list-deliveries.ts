import * as z from 'zod';
import { PlainId } from '../../api/requests/headers.ts';
import type { AnswerTo } from '../../api/routes.ts';
import { type ApiCall, api } from '../runtime/api.ts';
import { DeliveriesEnv, type DeliveryTable, deliveryTable } from '../runtime/deliveries.ts';
import { env } from '../runtime/env.ts';
import { cursorOf, keyIn, limitOf } from '../runtime/paging.ts';

/** What lies in the table is ours, and plain. */
const KeyPart = z.string().regex(/^[\x21-\x7e]{1,255}$/);
const Key = z.strictObject({ orderId: KeyPart, delivery: KeyPart });

/** What has become, at each listener, of each event under a correlation id: a page, order by order. */
export const listDeliveries =
  (table: Pick<DeliveryTable, 'under'>) =>
  async (call: ApiCall): Promise<AnswerTo<'GET /ops/deliveries/{correlationId}'>> => {
    const list = `deliveries ${call.path.correlationId}`;
    const [limit, key] = [limitOf(call), keyIn(call, list, Key)];
    // What cannot be a correlation id has caused nothing.
    const { data: correlationId } = PlainId.safeParse(call.path.correlationId);
    if (correlationId === undefined) return { status: 200, body: { deliveries: [] } };
    const { deliveries, next } = await table.under(correlationId, limit, key);
    return { status: 200, body: { deliveries, ...(next && { next: cursorOf(list, next) }) } };
  };

export const handler = api(listDeliveries(deliveryTable(env(DeliveriesEnv))));
