import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files as they will be. Nothing is written before all of them are made. */
export interface Draft {
  /** A new file. @throws Error where there is one */
  readonly make: (file: string, text: string) => void;
  /** A change of a file that is there. */
  readonly change: (file: string, edit: (text: string) => string) => void;
  /** Puts text before what is in a file once. @throws Error where it is not */
  readonly before: (file: string, anchor: string, text: string) => void;
  /** In the order in which they were drafted. */
  readonly files: () => readonly { readonly file: string; readonly isNew: boolean }[];
  readonly write: () => void;
}

/** A text with `find`, which is there once, replaced. @throws Error naming the file where it is not */
export const replaced = (file: string, text: string, find: string, replacement: string): string => {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replacement);
  throw new Error(`${file}: has "${find.trim()}" ${parts.length - 1} times, and the new step goes by it`);
};

export const draftIn = (root: string): Draft => {
  const texts = new Map<string, string>();
  const made = new Set<string>();
  const textOf = (file: string) => texts.get(file) ?? readFileSync(join(root, file), 'utf8');
  const change: Draft['change'] = (file, edit) => {
    texts.set(file, edit(textOf(file)));
  };
  return {
    make: (file, text) => {
      if (existsSync(join(root, file))) throw new Error(`${file}: is there already`);
      made.add(file);
      texts.set(file, text);
    },
    change,
    before: (file, anchor, text) =>
      change(file, (whole) => replaced(file, whole, anchor, `${text}${anchor}`)),
    files: () => [...texts.keys()].map((file) => ({ file, isNew: made.has(file) })),
    write: () => {
      for (const [file, text] of texts) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), text);
      }
    },
  };
};
