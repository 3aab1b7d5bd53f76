import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Values by key that survive a restart: a value is on disk when `put` returns. */
export interface Shelf<Value> {
  readonly put: (key: string, value: Value) => void;
  readonly remove: (key: string) => void;
  /** What was there at the start, in the order in which it was first put. */
  readonly found: readonly (readonly [key: string, value: Value])[];
}

type Line = readonly [shelf: string, key: string, value?: unknown];

/** A process that was killed may have left half a line, the last. */
const linesOf = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index, all) => (index < all.length - 1 ? [JSON.parse(line) as Line] : []));

/**
 * What AWS keeps and this process would forget, besides the tables: a file that gains a line with each change, and is
 * rewritten at each start without what is gone. Without a directory nothing is kept.
 */
export const journal = (directory: string | undefined) => {
  const file = directory && join(directory, 'journal.jsonl');
  const shelves = new Map<string, Map<string, unknown>>();
  const shelfOf = (name: string) => {
    const shelf = shelves.get(name) ?? new Map<string, unknown>();
    shelves.set(name, shelf);
    return shelf;
  };
  if (file && existsSync(file)) {
    for (const [shelf, key, value] of linesOf(file)) {
      if (value === undefined) shelfOf(shelf).delete(key);
      else shelfOf(shelf).set(key, value);
    }
    const kept = [...shelves].flatMap(([name, shelf]) =>
      [...shelf].map(([key, value]) => `${JSON.stringify([name, key, value])}\n`),
    );
    writeFileSync(`${file}.new`, kept.join(''));
    renameSync(`${file}.new`, file);
  }
  let closed = false;
  const append = (line: Line) => {
    if (file && !closed) appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  return {
    shelf: <Value>(name: string): Shelf<Value> => ({
      put: (key, value) => append([name, key, value]),
      remove: (key) => append([name, key]),
      found: [...(shelves.get(name) ?? [])] as [string, Value][],
    }),
    /** What happens from now on belongs to the end of this process, and is not recorded. */
    close: (): void => {
      closed = true;
    },
  };
};
export type Journal = ReturnType<typeof journal>;
