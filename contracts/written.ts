import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Publication {
  /** Whether it may be published; with `check`, whether it is. */
  readonly ok: boolean;
  /** What to tell whoever asked; nothing where nothing has changed. */
  readonly lines: readonly string[];
}

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Writes those of the files (text by path) that are not so yet.
 * @param check writes nothing, and is content only where nothing is to be written
 */
export const written = (root: string, files: ReadonlyMap<string, string>, check: boolean): Publication => {
  const stale = [...files].filter(([path, text]) => textOf(join(root, path)) !== text);
  if (check) {
    const lines = stale.map(([path]) => `${path} is not what the contracts say: run npm run contracts`);
    return { ok: stale.length === 0, lines };
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { ok: true, lines: stale.map(([path]) => `wrote ${path}`) };
};

export const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;
