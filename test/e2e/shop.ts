import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { run } from '../../ops/run.ts';
import { seedStage } from '../../ops/seed.ts';
import { outputsOf } from '../../ops/stage.ts';
import { customerToken } from '../../ops/token.ts';
import type { Deployment } from './engines/engine.ts';

const root = join(import.meta.dirname, '../..');
const json = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

export const { stage, timeScale } = JSON.parse(process.env.E2E ?? '{}') as Deployment;

const cloudFormation = new CloudFormationClient();
const dynamodb = new DynamoDBClient();
const documents = DynamoDBDocumentClient.from(dynamodb);
/** Puts on sale what is not yet: all of it in a new stage, nothing in one that was tried before. */
export const seed = (products: unknown = json('local/seed.json')) =>
  seedStage(cloudFormation, documents, stage, products);
await seed();

const apiUrl = (await outputsOf(cloudFormation, stage))('ApiUrl').replace(/\/$/, '');
const token = await customerToken(
  cloudFormation,
  new CognitoIdentityProviderClient(),
  stage,
  'e2e',
  'e2e@example.com',
);

/** A call of the API, as a customer makes it. */
export const call = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
) => {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
};

/** `npm run ops -- ... --stage STAGE --json`. @returns what the API has answered; throws where the command has failed */
export const ops = async <T = unknown>(...args: readonly string[]): Promise<T> => {
  const { exitCode, stdout, stderr } = await run([...args, '--stage', stage, '--json']);
  if (exitCode !== 0) throw new Error(`ops ${args.join(' ')}: ${stderr ?? stdout}`);
  return JSON.parse(stdout ?? '');
};

/** `npm run ops -- ... --stage STAGE`, as a person sees it. */
export const told = async (...args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await run([...args, '--stage', stage]);
  return stdout ?? stderr ?? '';
};

/** A body of `examples/`. */
export const example = (name: string): unknown => json(`examples/${name}.json`);

/** As a careful client does it: where the other side is at fault it asks again, by the same key. @returns the order's id */
export const place = async (name: string): Promise<string> => {
  const key = { 'idempotency-key': randomUUID() };
  const { status, body } = await until(
    'a word on POST /orders',
    () => call('POST', '/orders', example(name), key),
    (answer) => answer.status < 500,
  );
  if (status !== 202) throw new Error(`POST /orders: ${status} ${JSON.stringify(body)}`);
  return String(body.orderId);
};

/** What a step of a test may take on AWS at most, besides the waits that are scaled. */
const PATIENCE_MS = 60_000;
const POLL_MS = 200;
/** After that long it is said what is waited for. */
const SILENCE_MS = 10_000;

/**
 * Asks until it is so. Nothing is said of how long it takes: the limit is there to end what would never come.
 * @param what is waited for, in words
 * @param scaledSeconds how long AWS's own waits in it are at most
 * @throws Error saying what was waited for, and what there was instead
 */
export const until = async <T>(
  what: string,
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
  scaledSeconds = 0,
): Promise<T> => {
  const patienceMs = PATIENCE_MS + scaledSeconds * 1_000 * timeScale;
  const since = Date.now();
  let isSaid = false;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    const waitedMs = Date.now() - since;
    if (waitedMs > SILENCE_MS && !isSaid) {
      process.stderr.write(`waiting for ${what}, for ${Math.round(patienceMs / 1_000)} s at most\n`);
      isSaid = true;
    }
    if (waitedMs > patienceMs) throw new Error(`${what} has not come: ${JSON.stringify(seen)}`);
    await delay(POLL_MS);
  }
};

/** An order as its customer sees it, when it has that status. */
export const orderAt = async (orderId: string, status: string, scaledSeconds?: number) => {
  const { body } = await until(
    `${status} of ${orderId}`,
    () => call('GET', `/orders/${orderId}`),
    (answer) => answer.body.status === status,
    scaledSeconds,
  );
  return body;
};

/** What a listener made of an order's event. */
interface Delivery {
  readonly name: string;
  readonly outcome: string;
  readonly detail: { readonly type: string; readonly attempts: number };
}
export const deliveriesOf = async (orderId: string): Promise<readonly Delivery[]> =>
  (await ops<{ entries: readonly Delivery[] }>('deliveries', orderId)).entries;

/** Until a listener has dealt with an event of an order. */
export const delivered = (orderId: string, listener: string, type: string) =>
  until(
    `${type} of ${orderId} at ${listener}`,
    () => deliveriesOf(orderId),
    (all) =>
      all.some(
        ({ name, outcome, detail }) => name === listener && outcome === 'done' && detail.type === type,
      ),
  );

/** A table's name begins with its stack's, of which there may be several; there is one stack where it does not. */
const MAILBOX = new RegExp(`^(order-saga-${stage}-)?ListenersSandboxMailbox`);

/** How often the customer was sent a mail of an order's event, by the sandbox that stands for a mail service. */
export const mailsOf = async (orderId: string, type: string): Promise<number> => {
  for await (const { TableNames = [] } of paginateListTables({ client: dynamodb }, {})) {
    const TableName = TableNames.find((name) => MAILBOX.test(name));
    if (!TableName) continue;
    const { Items = [] } = await documents.send(
      new ScanCommand({
        TableName,
        FilterExpression: 'eventId = :event',
        ExpressionAttributeValues: { ':event': `${orderId}#${type}` },
      }),
    );
    return Items.reduce((sum, { sent }) => sum + Number(sent), 0);
  }
  throw new Error('there is no mailbox');
};
