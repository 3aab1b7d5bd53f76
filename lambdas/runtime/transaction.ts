import { setTimeout as delay } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { documents } from './dynamodb.ts';

/**
 * The reasons that will pass, and are not about the items. Where one of them is given, the others prove nothing: a failed
 * condition may have seen what the other side of the conflict was just writing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const TRANSIENT: readonly string[] = [
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
];

/** How often a transaction is tried that meets another one, or a throttle: the SDK does not retry these by itself. */
export const TRIES = 5;
/** The longest that the first wait may take, in ms; for each later one that doubles. */
const FIRST_WAIT_MS = 50;
/** How long to wait before the next try, in ms. @param left the tries that are left, including the one that failed */
export const pauseMs = (left: number): number => Math.random() * FIRST_WAIT_MS * 2 ** (TRIES - left);

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Writes all items or none.
 * @returns the positions of the items whose conditions do not hold; empty where all was written
 * @throws TransactionCanceledException where every try met a conflict or a throttle, or for any other reason
 */
export const transact = async (items: readonly TransactItem[], tries = TRIES): Promise<readonly number[]> => {
  try {
    await documents.send(new TransactWriteCommand({ TransactItems: [...items] }));
    return [];
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = error.CancellationReasons?.map(({ Code }) => Code ?? 'None') ?? [];
    if (reasons.some((code) => TRANSIENT.includes(code))) {
      if (tries === 1) throw error;
      await delay(pauseMs(tries));
      return transact(items, tries - 1);
    }
    const refused = reasons.flatMap((code, position) =>
      code === 'ConditionalCheckFailed' ? [position] : [],
    );
    if (refused.length === 0) throw error;
    return refused;
  }
};

/** Whose conditions did not hold: the item's, or those of which lines. */
export interface Refusal<Line> {
  readonly byItem: boolean;
  readonly lines: readonly Line[];
}

/**
 * Writes an item and the changes of its lines, or nothing.
 * @param busy makes the error that is thrown where every try met a conflict or a throttle
 * @returns undefined where all was written
 */
export const transactLines = async <Line>(
  item: TransactItem,
  lines: readonly Line[],
  change: (line: Line) => TransactItem,
  busy: () => Error,
): Promise<Refusal<Line> | undefined> => {
  const refused = await transact([item, ...lines.map(change)]).catch((error: Error) => {
    throw error instanceof TransactionCanceledException ? busy() : error;
  });
  if (refused.length === 0) return undefined;
  return { byItem: refused.includes(0), lines: lines.filter((_, line) => refused.includes(line + 1)) };
};
