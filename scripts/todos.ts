import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that only a person can choose, left open by `npm run new:step`. */
export interface Todo {
  /** The step that it is about: `redeem-voucher`. */
  readonly step: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const NOT_OURS = ['node_modules', '.build', '.git', 'cdk.out'];

/** What is left open in the repository, in the order of its files. */
export const todosIn = (root: string): Todo[] =>
  globSync('**/*.{ts,tsx,md}', { cwd: root, exclude: NOT_OURS })
    .sort()
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((text, index): Todo[] => {
          const [, step, what] = /TODO\(([a-z0-9-]+)\): (.*?)(?: -->)?$/.exec(text) ?? [];
          return step && what ? [{ step, file, line: index + 1, text: what }] : [];
        }),
    );
