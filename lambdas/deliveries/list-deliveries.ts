import * as z from 'zod';
import { PlainId } from '../../api/requests/headers.ts';
import type { AnswerTo } from '../../api/routes.ts';
import { type ApiCall, api } from '../runtime/api.ts';
import { DeliveriesEnv, type DeliveryTable, deliveryTable } from '../runtime/deliveries.ts';
import { env } from '../runtime/env.ts';
import { cursorOf, keyIn, limitOf } from '../runtime/paging.ts';

/** What the table holds is ours, and may be shown as it is. */
const KeyPart = z.string().regex(/^[\x21-\x7e]{1,255}$/);
const Key = z.strictObject({ orderId: KeyPart, delivery: KeyPart });

/** What became of each event under a correlation id at each listener: a page, order by order. */
export const listDeliveries =
  (table: Pick<DeliveryTable, 'under'>) =>
  async (call: ApiCall): Promise<AnswerTo<'GET /ops/deliveries/{correlationId}'>> => {
    const list = `deliveries ${call.path.correlationId}`;
    const [limit, key] = [limitOf(call), keyIn(call, list, Key)];
    // Nothing was ever done under a text that cannot be a correlation id.
    const { data: correlationId } = PlainId.safeParse(call.path.correlationId);
    if (correlationId === undefined) return { status: 200, body: { deliveries: [] } };
    const { deliveries, next } = await table.under(correlationId, limit, key);
    return { status: 200, body: { deliveries, ...(next && { next: cursorOf(list, next) }) } };
  };

export const handler = api(listDeliveries(deliveryTable(env(DeliveriesEnv))));
