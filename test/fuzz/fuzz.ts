import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import * as z from 'zod';
import { audienceOf } from '../../api/audience.ts';
import { PlaceOrder } from '../../api/requests/place-order.ts';
import { Text } from '../../api/requests/text.ts';
import { OrderFacts } from '../../events/order.ts';
import { serveHttp } from '../../local/http.ts';
import { answerErrors } from '../../testbed/answers.ts';
import { MUG, openShop, type Shop, TEAPOT } from '../../testbed/shop.ts';
import { anyRequest, CARD, type Known, type WireRequest } from './requests.ts';

const SAMPLE = { ...MUG, sku: 'SAMPLE', unitPriceCents: 0 };
const BOURBON = { ...MUG, sku: 'BOURBON', currency: 'USD' };

/** Rows of the catalogue that nobody should have written. */
const BROKEN = {
  LOWER: { unitPriceCents: { N: '1250' }, currency: { S: 'eur' } },
  QUOTED: { unitPriceCents: { S: '1250' }, currency: { S: 'EUR' } },
  FRACTION: { unitPriceCents: { N: '19.99' }, currency: { S: 'EUR' } },
  NEGATIVE: { unitPriceCents: { N: '-500' }, currency: { S: 'EUR' } },
  HUGE: { unitPriceCents: { N: '123456789012345678901234567890' }, currency: { S: 'EUR' } },
  PRICELESS: { currency: { S: 'EUR' } },
  NOTHING: {},
};

/** How many at a time. What they are depends on the answers to those before them, batch by batch. */
const BATCH = 16;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface FuzzReport {
  /** How many answers there were, by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** How many orders were stored. */
  readonly stored: number;
  /** What is wrong, in words; nothing where all is well. */
  readonly faults: readonly string[];
}

const agent = new Agent({ keepAlive: true, maxSockets: BATCH });

const send = (base: string, { method, path, headers, body, isChunked }: WireRequest): Promise<Answer> =>
  new Promise((resolve) => {
    const reject = ({ message }: Error) => resolve({ status: 0, headers: {}, text: message });
    const length =
      body && (isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': `${body.length}` });
    const { hostname, port } = new URL(base);
    const call = httpRequest(
      { agent, hostname, port, method, path, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });

/** Words of exceptions and of AWS, which are nobody's business. */
const INTERNALS = /arn:aws|Exception\b|ValidationError|node_modules|node:internal|\bat \S+ \(|Invalid input/;

/** What is wrong with an answer; undefined where it is as it should be. */
const faultIn = ({ method, path }: WireRequest, { status, headers, text }: Answer): string | undefined => {
  if (status < 200 || status >= 500) return `status ${status}`;
  if (text === '') return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'no JSON';
  }
  if (status >= 400 && INTERNALS.test(text)) return 'tells of our internals';
  return answerErrors({ method, path, status, headers, body })[0];
};

const remember = (known: Known, { status, headers, text }: Answer) => {
  if (status >= 300 || text === '') return;
  const { orderId, orders = [], next, replay } = JSON.parse(text);
  known.correlationIds.push(String(headers['x-correlation-id']));
  if (orderId) known.orderIds.push(orderId);
  for (const order of orders) known.orderIds.push(order.orderId);
  if (next) known.cursors.push(next);
  if (replay) known.replays.push(replay);
};

/** An order as it was sent, as far as what is stored of it tells. */
const asSent = ({ items, paymentMethod, shippingAddress }: Record<string, unknown>) => ({
  items: (items as { sku: string; quantity: number }[]).map(({ sku, quantity }) => ({ sku, quantity })),
  paymentMethod,
  shippingAddress,
});

/** What is stored that the API would refuse, and whatever has come of it. */
const faultsIn = async (shop: Shop): Promise<{ stored: number; faults: string[] }> => {
  const personal = new Map((await shop.rows('RecordsPersonalData')).map((row) => [row.orderId, row]));
  const orders: Record<string, unknown>[] = (await shop.rows('RecordsOrders')).map((order) => ({
    ...personal.get(order.orderId),
    ...order,
  }));
  const Notes = z.record(z.string(), z.object({ notes: z.record(z.string(), Text(500)) })).optional();
  const faults = orders.flatMap((row) => {
    const checked = [
      ...(row.erased ? [] : [PlaceOrder.safeParse(asSent(row))]),
      OrderFacts.safeParse(row),
      Notes.safeParse(row.resumptions),
    ];
    return checked.flatMap(({ error }) =>
      error ? [`stored: ${row.orderId}: ${z.prettifyError(error)}`] : [],
    );
  });
  for (const letter of shop.stack.deadLetters()) faults.push(`dead letter: ${JSON.stringify(letter)}`);
  for (const line of shop.logs)
    if (JSON.stringify(line).includes(CARD))
      faults.push(`a card's number in the log: ${JSON.stringify(line)}`);
  return { stored: orders.length, faults };
};

/** Sends so many requests to the stack, over HTTP, and looks at the answers, and at what is stored then. */
export const fuzz = async (requests: number, seed: number): Promise<FuzzReport> => {
  const products = [MUG, TEAPOT, SAMPLE, BOURBON];
  const shop = await openShop(products);
  const { customers, operators } = shop.stack.apis;
  const servers = {
    customers: await serveHttp(0, customers.handle),
    operators: await serveHttp(0, operators.handle),
  };
  try {
    for (const [sku, row] of Object.entries(BROKEN)) {
      const Item = { sku: { S: sku }, name: { S: sku }, ...row };
      await shop.stack.call('DynamoDB_20120810', 'PutItem', { TableName: 'RecordsCatalogue', Item });
    }
    const known: Known = {
      orderIds: [],
      cursors: [],
      correlationIds: [],
      replays: [],
      listeners: shop.stack.listeners,
      skus: products.map(({ sku }) => sku),
      brokenSkus: Object.keys(BROKEN),
    };
    const statuses: Record<number, number> = {};
    const faults: string[] = [];
    const planned = fc.sample(anyRequest([...customers.routes, ...operators.routes], known), {
      numRuns: requests,
      seed,
    });
    while (planned.length > 0) {
      const sent = planned.splice(0, BATCH).map((make) => make());
      const answers = await Promise.all(
        sent.map((request) => send(servers[audienceOf(request.path)].url, request)),
      );
      for (const [at, answer] of answers.entries()) {
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        const request = sent[at] as WireRequest;
        const fault = faultIn(request, answer);
        const { method, path, headers, body } = request;
        if (fault)
          faults.push(
            `${fault}: ${method} ${path} ${JSON.stringify(headers)} ${body?.toString().slice(0, 500) ?? ''} -> ${answer.text.slice(0, 500)}`,
          );
        else remember(known, answer);
      }
    }
    await shop.settle();
    const { stored, faults: left } = await faultsIn(shop);
    return { statuses, stored, faults: [...faults, ...left] };
  } finally {
    agent.destroy();
    for (const server of Object.values(servers)) await server.close();
    await shop.close();
  }
};
