import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { seedStage } from '../../ops/seed.ts';
import { signing } from '../../ops/signing.ts';
import { outputsOf } from '../../ops/stage.ts';
import type { Deployment } from './engines/engine.ts';

const root = join(import.meta.dirname, '../..');
const json = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

export const { stage, timeScale } = JSON.parse(process.env.E2E ?? '{}') as Deployment;

const cloudFormation = new CloudFormationClient();
const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
/** Puts on sale what is not yet: all of it in a new stage, nothing in one that was tried before. */
export const seed = (products: unknown = json('local/seed.json')) =>
  seedStage(cloudFormation, documents, stage, products);
await seed();

const apiUrl = (await outputsOf(cloudFormation, stage))('ApiUrl').replace(/\/$/, '');
const send = signing(apiUrl);

/** A call of the API, as a customer makes it. */
export const call = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
) => {
  const response = await send(`${apiUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
};

/** A body of `examples/`. */
export const example = (name: string): unknown => json(`examples/${name}.json`);

/** @returns the id of the order that was placed */
export const place = async (name: string): Promise<string> => {
  const { status, body } = await call('POST', '/orders', example(name));
  if (status !== 202) throw new Error(`POST /orders: ${status} ${JSON.stringify(body)}`);
  return String(body.orderId);
};

/** What a step of a test may take on AWS at most, besides the waits that are scaled. */
const PATIENCE_MS = 60_000;
const POLL_MS = 200;

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
  const limit = Date.now() + PATIENCE_MS + scaledSeconds * 1_000 * timeScale;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > limit) throw new Error(`${what} has not come: ${JSON.stringify(seen)}`);
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
