import { createHash } from 'node:crypto';

/** How the order ended: written by the listener `project-order`, absent while the workflow runs. */
export interface Outcome {
  readonly status: 'CONFIRMED' | 'CANCELLED';
  /** RFC 3339, UTC. */
  readonly endedAt: string;
  /** The name of the error that came first. */
  readonly reason?: string;
  /** It was to be cancelled when it had been confirmed, and an operator has kept it. */
  readonly isKept?: boolean;
}

/** That an order is not cancelled, which is the last word about it: a condition, and the names and values that it speaks of. */
export const UNCANCELLED = {
  condition: '(attribute_not_exists(outcome) OR outcome.#status <> :cancelled)',
  names: { '#status': 'status' },
  values: { ':cancelled': 'CANCELLED' },
};

/** A partition takes a thousand writes a second, and an order costs `open` two and a look at it two more: so many bear thousands. */
export const SHARDS = ['0', '1', '2', '3'] as const;

/** Which part of every index an order is in. */
export const shardOf = (orderId: string): string =>
  SHARDS[(createHash('sha256').update(orderId).digest()[0] ?? 0) % SHARDS.length] as string;

/** Which part of the index `byOutcome` holds those of a shard that have ended so. */
export const outcomeShard = (status: Outcome['status'], shard: string) => `${status}#${shard}`;

/** What closes an order, beside the condition under which it may. A confirmed one is not being cancelled, or not any more. */
export const closedAs = (orderId: string, outcome: Outcome) => ({
  UpdateExpression: `SET outcome = :outcome, outcomeShard = :outcomeShard REMOVE openSince, lookedAt, parkedAt, parking${
    outcome.status === 'CONFIRMED' ? ', cancelling' : ''
  }`,
  ExpressionAttributeValues: {
    ':outcome': outcome,
    ':outcomeShard': outcomeShard(outcome.status, shardOf(orderId)),
  },
});
