import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PAGE = readFileSync(join(import.meta.dirname, '../docs/production.md'), 'utf8');

/** The words of a command line as a shell reads them; of quotes it knows single ones. */
const wordsOf = (line: string): string[] =>
  (line.replaceAll('\\\n', ' ').match(/('[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));

/**
 * The CDK context that `docs/production.md` deploys production with, by its `-c` options.
 * @throws Error where the page has no such command
 */
export const productionContext = (): Readonly<Record<string, string>> => {
  const [, options] = PAGE.match(/^npx cdk deploy (-c stage=prod [^`]+)^```/m) ?? [];
  if (!options) throw new Error('docs/production.md has no command that deploys production');
  const pairs = wordsOf(options)
    .filter((word) => word !== '-c')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    });
  return Object.fromEntries(pairs);
};
