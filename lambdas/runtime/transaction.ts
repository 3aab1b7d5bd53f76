import { setTimeout as delay } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { documents } from './dynamodb.ts';

/**
 * The reasons that are of the moment, not of the items. Where one is among them, the others say nothing for sure: the
 * condition that failed may have met what the other side of the conflict is just writing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const TRANSIENT: readonly string[] = [
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
];

/** How often a transaction is begun that another one, or a throttle, stands in the way of: the SDK repeats none by itself. */
export const TRIES = 5;
/** Of the first wait at most, in ms; each is up to twice as long as the one before. */
const FIRST_WAIT_MS = 50;
/** A wait before the next try, in ms. @param left tries, this one among them */
export const pauseMs = (left: number): number => Math.random() * FIRST_WAIT_MS * 2 ** (TRIES - left);

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Writes all items or none.
 * @returns the positions of the items whose conditions do not hold; none where it went through
 * @throws TransactionCanceledException where others stand in its way again and again, or for any other reason
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

/** What stood in the way of an item and its lines. */
export interface Refusal<Line> {
  readonly byItem: boolean;
  readonly lines: readonly Line[];
}

/**
 * Writes an item and what its lines change, or nothing.
 * @returns undefined where it went through
 * @param busy what is thrown where it was not even looked at: others stand in its way again and again
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
