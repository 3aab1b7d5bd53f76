import { createHash } from 'node:crypto';

/** How the order ended; written by the listener `project-order`, absent while the workflow runs. */
export interface Outcome {
  readonly status: 'CONFIRMED' | 'CANCELLED';
  /** RFC 3339, UTC. */
  readonly endedAt: string;
  /** The name of the first error. */
  readonly reason?: string;
  /** After its confirmation it was to be cancelled, and an operator has kept it. */
  readonly isKept?: boolean;
}

/** The condition that an order is not cancelled, which would be final, with the names and values in it. */
export const UNCANCELLED = {
  condition: '(attribute_not_exists(outcome) OR outcome.#status <> :cancelled)',
  names: { '#status': 'status' },
  values: { ':cancelled': 'CANCELLED' },
};

/**
 * A partition takes a thousand writes a second. An order costs the index `open` two, and each look at it two more: with
 * these, thousands of orders a second are possible.
 */
export const SHARDS = ['0', '1', '2', '3'] as const;

/** The shard of an order, in every index. */
export const shardOf = (orderId: string): string =>
  SHARDS[(createHash('sha256').update(orderId).digest()[0] ?? 0) % SHARDS.length] as string;

/** The partition of the index `byOutcome` that holds the orders of a shard with this outcome. */
export const outcomeShard = (status: Outcome['status'], shard: string) => `${status}#${shard}`;

/**
 * The update that closes an order; its writer adds the condition. A confirmed order is not being cancelled, or no
 * longer.
 */
export const closedAs = (orderId: string, outcome: Outcome) => ({
  UpdateExpression: `SET outcome = :outcome, outcomeShard = :outcomeShard REMOVE openSince, lookedAt, awaits, parkedAt, parking${
    outcome.status === 'CONFIRMED' ? ', cancelling' : ''
  }`,
  ExpressionAttributeValues: {
    ':outcome': outcome,
    ':outcomeShard': outcomeShard(outcome.status, shardOf(orderId)),
  },
});
