import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { HttpRequest, HttpResponse } from './api-gateway.ts';
import type { LocalStack } from './stack.ts';

const json = (status: number, body: unknown): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(body, null, 2)}\n`,
});

/** What exists only locally, under `/dev`: a look at the outside worlds, and the counters. */
export const devRoutes = (stack: LocalStack) => {
  const rows = async (table: string) => (await stack.scan(table)).map((item) => unmarshall(item));

  const routes: Readonly<Record<string, () => Promise<unknown>>> = {
    'GET /dev/worlds': async () => ({
      charges: await rows('PaymentSandboxCharges'),
      stock: await rows('InventoryStock'),
      parcels: await rows('ShipmentSandboxParcels'),
      mailbox: await rows('ListenersSandboxMailbox'),
    }),
    'GET /dev/counts': async () => ({ ...stack.counts(), deliveriesUnderWay: stack.deliveriesUnderWay() }),
  };

  return {
    routes: Object.keys(routes),
    /** The answer, or undefined where the path is not one of ours. */
    handle: async ({ method, url }: HttpRequest): Promise<HttpResponse | undefined> => {
      const route = routes[`${method} ${url.pathname}`];
      return route && json(200, await route());
    },
  };
};
