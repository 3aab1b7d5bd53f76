import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Counts } from '../local/stack.ts';
import { startStackProcess } from '../local/stack-process.ts';
import { commandLine, wrongUsage } from './command-line.ts';

const USAGE = `npm run bench -- [--orders N] [--at-once N]

Places orders on a stack of its own over HTTP, each on a SKU of its own, and prints what it took.

  --orders N   how many (default 200)
  --at-once N  how many at a time (default 50)`;

const { values } = commandLine(USAGE, {
  options: { orders: { type: 'string', default: '200' }, 'at-once': { type: 'string', default: '50' } },
});
const numberOf = (name: keyof typeof values): number => {
  const count = Number(values[name]);
  if (Number.isInteger(count) && count > 0) return count;
  return wrongUsage(USAGE, `--${name}: "${values[name]}" is not a whole number of 1 or more`);
};
const [orders, atOnce] = [numberOf('orders'), numberOf('at-once')];

/** When each order's last listener was done (epoch ms), by correlation id: from the functions' own log lines. */
const lastEffect = new Map<string, number>();

const noteEffect = (line: string): void => {
  if (!line.startsWith('{"level"')) return;
  const { message, correlationId, timestamp } = JSON.parse(line);
  if (message === 'delivered')
    lastEffect.set(correlationId, Math.max(lastEffect.get(correlationId) ?? 0, Date.parse(timestamp)));
};

const { url, awsEndpoint, kill } = await startStackProcess({
  args: ['--logs', '--time-scale', '1'],
  onLine: noteEffect,
});
const get = async <T>(path: string): Promise<T> => (await fetch(`${url}${path}`)).json() as Promise<T>;

const place = async (sku: string) => {
  const response = await fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      items: [{ sku, quantity: 1 }],
      paymentMethod: 'pm_card_visa',
      shippingAddress: { name: 'Bench', line1: '1 Loop', city: 'Berlin', postalCode: '10115', country: 'DE' },
    }),
  });
  if (response.status !== 202)
    throw new Error(`placing answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { orderId: string; correlationId: string };
};

const settle = async () => {
  while ((await get<{ underWay: number }>('/dev/counts')).underWay > 0) await delay(20);
};

/** Puts one SKU an order on sale, so that orders do not wait for each other's stock. */
const stockUp = async (count: number) => {
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: awsEndpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'x' },
    }),
  );
  const skus = Array.from({ length: count }, (_, index) => `BENCH-${index}`);
  for (let from = 0; from < count; from += 25) {
    const put = (item: (sku: string) => object) =>
      skus.slice(from, from + 25).map((sku) => ({ PutRequest: { Item: { sku, ...item(sku) } } }));
    await documents.send(
      new BatchWriteCommand({
        RequestItems: {
          RecordsCatalogue: put((sku) => ({ name: sku, unitPriceCents: 1_000, currency: 'EUR' })),
          InventoryStock: put(() => ({ available: 1 })),
        },
      }),
    );
  }
  return skus;
};

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const spread = (times: readonly number[]) => {
  const sorted = [...times].sort((a, b) => a - b);
  return `p50 ${percentile(sorted, 0.5)} ms, p99 ${percentile(sorted, 0.99)} ms`;
};

try {
  const skus = await stockUp(orders + 1);
  await place(skus.pop() as string); // every function has started once
  await settle();
  const before = await get<Counts>('/dev/counts');

  const started = performance.now();
  const placed: Awaited<ReturnType<typeof place>>[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let sku = skus.pop(); sku; sku = skus.pop()) placed.push(await place(sku));
    }),
  );
  await settle();
  const seconds = (performance.now() - started) / 1_000;
  const after = await get<Counts>('/dev/counts');

  const toConfirmed: number[] = [];
  const toLastEffect: number[] = [];
  let confirmed = 0;
  for (const { orderId, correlationId } of placed) {
    const { placedAt, status } = await get<{ placedAt: string; status: string }>(`/orders/${orderId}`);
    const { entries } = await get<{
      entries: { at: string; kind: string; detail: { durationMs: number } }[];
    }>(`/orders/${orderId}/timeline`);
    const last = entries.findLast(({ kind }) => kind === 'step');
    if (status === 'CONFIRMED') confirmed += 1;
    toConfirmed.push(Date.parse(last?.at ?? '') + (last?.detail.durationMs ?? 0) - Date.parse(placedAt));
    toLastEffect.push((lastEffect.get(correlationId) ?? Number.NaN) - Date.parse(placedAt));
  }

  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const writes = ({ tableAccesses: { PutItem = 0, UpdateItem = 0, DeleteItem = 0 } }: Counts) =>
    PutItem + UpdateItem + DeleteItem;
  const reads = (counts: Counts) => sum(counts.tableAccesses) - writes(counts);
  const perOrder = (count: (counts: Counts) => number) =>
    ((count(after) - count(before)) / orders).toFixed(2);
  console.log(`${orders} orders, ${atOnce} at a time: ${confirmed} CONFIRMED in ${seconds.toFixed(1)} s, ${(orders / seconds).toFixed(1)} orders/s
from placed to confirmed:        ${spread(toConfirmed)}
from placed to last side effect: ${spread(toLastEffect)}
per order, counted: ${perOrder(writes)} table writes, ${perOrder(reads)} table reads, ${perOrder(({ invocations }) => sum(invocations))} invocations, ${perOrder(({ transitions }) => transitions)} state transitions, ${perOrder(({ events }) => events)} events`);
} finally {
  await kill();
}
