import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { NewProduct } from '../catalogue/product.ts';
import { parseDeliveryFault } from './faults/delivery-faults.ts';
import { parseFault } from './faults/faults.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { json, objectIn } from './json.ts';
import { letterPage, mailsOf } from './mails.ts';
import { BY_SANDBOX, BY_STRIPE } from './paying.ts';
import type { LocalStack } from './stack.ts';
import { AUTHENTICATION_PATH } from './stripe/authentication.ts';
import { stripeFaultRoutes } from './stripe/fault-routes.ts';

/** An order as its record has it, without addresses and payment method. */
const standing = ({
  orderId,
  totalCents,
  currency,
  items,
  outcome,
  openSince,
  parking,
}: Record<string, unknown>) => ({
  orderId,
  totalCents,
  currency,
  items,
  outcome,
  open: openSince !== undefined,
  parked: (parking as { state: string } | undefined)?.state,
});

/**
 * The name under which a sandbox's book is shown: `charges` for the table `PaymentSandboxCharges`; undefined for any
 * other table.
 */
const bookIn = (table: string): string | undefined => {
  const [, first, rest] = /Sandbox(\w)(\w*)$/.exec(table) ?? [];
  return first && `${first.toLowerCase()}${rest}`;
};

/**
 * The local routes under `/dev`: the outside worlds, what runs and what is on sale, the counters, and faults to come.
 * @param products what was put on sale at the start
 */
export const devRoutes = (stack: LocalStack, products: readonly NewProduct[]) => {
  const rows = async (table: string) => (await stack.scan(table)).map((item) => unmarshall(item));

  const books = async () => {
    const known = stack.tables.flatMap((table) => {
      const book = bookIn(table);
      return book ? [{ table, book }] : [];
    });
    return Object.fromEntries(
      await Promise.all(known.map(async ({ table, book }) => [book, await rows(table)])),
    );
  };

  const orders = async () => {
    const personal = await rows('RecordsPersonalData');
    const reachable = new Set(personal.flatMap(({ orderId, email }) => (email ? orderId : [])));
    return (await rows('RecordsOrders')).map((order) => ({
      ...standing(order),
      isReachable: reachable.has(order.orderId),
    }));
  };

  const routes: Readonly<Record<string, (body: Buffer) => Promise<HttpResponse>>> = {
    ...(stack.stripe && stripeFaultRoutes(stack.stripe.faults)),
    'GET /dev/worlds': async () =>
      json(200, {
        ...(await books()),
        ...(stack.books.charges && { charges: stack.books.charges() }),
        ...(stack.books.parcels && { parcels: stack.books.parcels() }),
        // Without their HTML, of which each mail is a page.
        mailbox: (await mailsOf(stack)).map(({ html: _, ...mail }) => mail),
        stock: await rows('InventoryStock'),
        orders: await orders(),
        payments: await rows('PaymentPayments'),
        reservations: await rows('InventoryReservations'),
        shipments: await rows('ShipmentShipments'),
      }),
    'GET /dev/sign-in': async () =>
      json(200, { authorization: await stack.apis.customers.authorizationOf('local-customer') }),
    'GET /dev/catalogue': async () => json(200, { products, paying: stack.stripe ? BY_STRIPE : BY_SANDBOX }),
    'GET /dev/definition': async () => json(200, { timeScale: stack.timeScale, machines: stack.machines() }),
    'GET /dev/counts': async () => json(200, { ...stack.counts(), underWay: stack.underWay() }),
    'GET /dev/faults': async () =>
      json(200, { faults: [...stack.faults.pending(), ...stack.deliveryFaults.pending()] }),
    'DELETE /dev/faults': async () => {
      stack.faults.forget();
      stack.deliveryFaults.forget();
      return json(200, { faults: [] });
    },
    'POST /dev/faults': async (body) => {
      try {
        const asked = objectIn(body);
        if ('listener' in asked) {
          const fault = parseDeliveryFault(asked, stack.listeners);
          stack.deliveryFaults.add([fault]);
          return json(202, fault);
        }
        const fault = parseFault(asked, stack.states);
        stack.checkFault(fault);
        stack.faults.add([fault]);
        return json(202, fault);
      } catch (error) {
        return json(400, { message: (error as Error).message });
      }
    },
  };

  return {
    /** The answer; undefined if the path is not one of ours. */
    handle: async (request: HttpRequest): Promise<HttpResponse | undefined> => {
      const { method, url, body } = request;
      // The console's way to the operators' API, which to its page is another origin, and takes signed calls.
      if (url.pathname.startsWith('/dev/ops/')) {
        const { operators } = stack.apis;
        const authorization = await operators.authorizationOf('local-operator');
        return operators.handle({
          ...request,
          url: new URL(url.href.replace('/dev/', '/')),
          headers: { ...request.headers, authorization },
        });
      }
      if (stack.stripe && url.pathname === AUTHENTICATION_PATH) return stack.stripe.authentication(request);
      const [, mailed] = /^\/dev\/mails\/([^/]+)$/.exec(url.pathname) ?? [];
      if (method === 'GET' && mailed) {
        const mail = (await mailsOf(stack)).find(({ eventId }) => eventId === decodeURIComponent(mailed));
        return mail && letterPage(mail.html);
      }
      return routes[`${method} ${url.pathname}`]?.(body);
    },
  };
};
