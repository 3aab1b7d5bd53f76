import { type ApiCall, api } from '../runtime/api.ts';
import { DeliveriesEnv, type DeliveryTable, deliveryTable } from '../runtime/deliveries.ts';
import { env } from '../runtime/env.ts';

/** What has become, at each listener, of each event under a correlation id. */
export const listDeliveries =
  (table: Pick<DeliveryTable, 'of'>) =>
  async ({ path }: ApiCall) => ({
    status: 200,
    body: { deliveries: await table.of(path.correlationId ?? '') },
  });

export const handler = api(listDeliveries(deliveryTable(env(DeliveriesEnv))));
