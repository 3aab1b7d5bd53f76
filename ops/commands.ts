import { parseArgs } from 'node:util';
import type { OperatorApi, ParkedOrder } from './operator-api.ts';

export const USAGE = `npm run ops -- <command> [--url URL]

  parked                                        the orders that wait for an operator, the longest first
  resume <orderId>                              lets a parked order go on
  resume <orderId> --skip <Undo> --note "..."   the same, but for an undo that was settled by hand:
                                                CancelShipment, ReleaseInventory or RefundPayment

  --url URL   the stage's API (default: http://127.0.0.1:3000); a deployed one is signed for with the
              credentials in the environment

exit codes: 0 done, 1 refused or failed, 2 wrong usage`;

/** The command line is not one of ours. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const options = { url: { type: 'string' }, skip: { type: 'string' }, note: { type: 'string' } } as const;

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

/** 3723 s as `1 h 2 min`. */
const age = (parkedAt: string, now: number): string => {
  const minutes = Math.floor((now - Date.parse(parkedAt)) / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const table = (orders: readonly ParkedOrder[], now: number): string => {
  const rows = [
    ['ORDER', 'WAITS IN', 'BECAUSE OF', 'FOR'],
    ...orders.map(({ orderId, state, error, parkedAt }) => [orderId, state, error, age(parkedAt, now)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/**
 * Runs one command.
 * @returns what to print
 * @throws UsageError; OperatorApiError with the API's own words
 */
export const run = async (
  args: readonly string[],
  connect: (url: string) => OperatorApi,
  now: number = Date.now(),
): Promise<string> => {
  const { values, positionals } = parse(args);
  const [command, orderId, ...rest] = positionals;
  const api = connect(values.url ?? 'http://127.0.0.1:3000');
  if (rest.length > 0) throw new UsageError(`${rest.join(' ')}: one thing too many`);
  switch (command) {
    case 'parked': {
      const parked = await api.parked();
      return parked.length > 0 ? table(parked, now) : 'no order is parked';
    }
    case 'resume': {
      if (!orderId) throw new UsageError('resume: which order?');
      const { skip, note } = values;
      if (!skip !== !note)
        throw new UsageError('--skip and --note go together: the undo, and how it was settled');
      const { resumed } = await api.resume(orderId, skip && note ? { [skip]: { note } } : {});
      return `${orderId} goes on from ${resumed}`;
    }
    default:
      throw new UsageError(command ? `${command}: no such command` : 'which command?');
  }
};
