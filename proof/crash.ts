import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type StackProcess, startStackProcess } from '../local/stack-process.ts';
import { ADDRESS } from '../testbed/shop.ts';
import { type Violation, violationsAtTheEnd } from './invariants.ts';
import { type CompletionEvent, readWorlds, type Scan } from './worlds.ts';

/** What `local/seed.json` has on sale, and enough of it for every order. */
const SKU = 'FILTER-100';
const PRICE_CENTS = 390;
const IN_STOCK = 2_000;
/** A function's time-out, for which a delivery stays claimed by a function that has died. */
const CLAIM_MS = 10_000;

/** `npm start` on a directory. */
const start = (directory: string): Promise<StackProcess> =>
  startStackProcess({
    // Not 0, at which schedules keep their hours: what one pass of the reconciler misses, the next mends.
    args: ['--data', directory, '--time-scale', '0.002'],
  });

/** Ignores the answer: only the record counts. */
const place = async (url: string, key: string): Promise<void> => {
  await fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({
      items: [{ sku: SKU, quantity: 1 }],
      paymentMethod: 'pm_card_visa',
      shippingAddress: ADDRESS,
    }),
  });
};

/** Redrives every listener's dead letters, once the claims of the killed functions have run out. */
const redriveAll = async ({ at }: StackProcess, rest: () => Promise<void>): Promise<void> => {
  const answer = await fetch(at('/ops/dead-letters'));
  const { listeners } = (await answer.json()) as { listeners: { listener: string; deadLetters: number }[] };
  const failing = listeners.filter(({ deadLetters }) => deadLetters > 0);
  if (failing.length === 0) return;
  await delay(CLAIM_MS);
  for (const { listener } of failing)
    await fetch(at(`/ops/listeners/${listener}/redrive`), { method: 'POST' });
  await rest();
};

/** How the orders fared. */
export interface CrashReport {
  /** Orders on record when the process died, and how many of them had not ended. */
  readonly recorded: number;
  readonly open: number;
  readonly violations: readonly Violation[];
}

/** Kills the stack while `orders` are in flight, starts it again on the same tables, and lets every order end. */
export const crash = async (orders: number): Promise<CrashReport> => {
  const directory = mkdtempSync(join(tmpdir(), 'order-saga-crash-'));
  const scanOf = ({ awsEndpoint }: StackProcess): Scan => {
    const client = new DynamoDBClient({
      endpoint: awsEndpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'proof', secretAccessKey: 'x' },
    });
    return (request) => client.send(new ScanCommand(request as { TableName: string }));
  };
  const rows = async (stack: StackProcess, table: string) =>
    ((await scanOf(stack)({ TableName: table })) as { Items: Record<string, AttributeValue>[] }).Items;
  const openOrders = async (stack: StackProcess) =>
    (await rows(stack, 'RecordsOrders')).filter((order) => order.openSince).length;

  const event = (orderId: string, type: string): CompletionEvent => ({
    orderId,
    type,
    eventId: `${orderId}#${type}`,
  });
  /** What listeners have heard. */
  const completionsOf = async (stack: StackProcess): Promise<CompletionEvent[]> => {
    const logged = (await rows(stack, 'ListenersAuditLog')).map(({ eventId, type }) =>
      event(eventId?.S?.split('#')[0] ?? '', type?.S ?? ''),
    );
    const projected = (await rows(stack, 'RecordsOrders')).map(({ orderId, outcome }) =>
      event(orderId?.S ?? '', outcome?.M?.status?.S === 'CONFIRMED' ? 'OrderConfirmed' : 'OrderCancelled'),
    );
    return [...logged, ...projected];
  };

  let stack = await start(directory);
  try {
    // Most workflows are still under way when the last request is answered.
    const { url } = stack;
    await Promise.all(Array.from({ length: orders }, (_, index) => place(url, `crash-${index}`)));
    await stack.kill();

    stack = await start(directory);
    const found = await rows(stack, 'RecordsOrders');
    const recorded = found.map(({ orderId }) => ({
      orderId: orderId?.S ?? '',
      plan: 'the process is killed',
      totalCents: PRICE_CENTS,
      items: [{ sku: SKU, quantity: 1 }],
    }));
    const open = await openOrders(stack);
    // As an operator would, without waiting for their turn.
    while ((await openOrders(stack)) > 0) {
      await fetch(stack.at('/ops/reconcile'), { method: 'POST' });
      await delay(50);
    }
    const underWay = async () =>
      ((await (await fetch(`${stack.url}/dev/counts`)).json()) as { underWay: number }).underWay;
    const rest = async () => {
      while ((await underWay()) > 0) await delay(50);
    };
    await rest();
    await redriveAll(stack, rest);

    const completions = await completionsOf(stack);
    const worlds = await readWorlds(scanOf(stack), completions);
    const initialStock = new Map([[SKU, IN_STOCK]]);
    const violations = violationsAtTheEnd({ worlds, orders: recorded, initialStock });
    return { recorded: recorded.length, open, violations };
  } finally {
    await stack.kill();
    rmSync(directory, { recursive: true, force: true });
  }
};
