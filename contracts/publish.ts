import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Contract, keyOf } from '../events/contract.ts';
import { asyncApiOf } from './asyncapi.ts';
import { breachesOf, explain, type Schemas } from './compatibility.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { pageOf } from './page.ts';

const SCHEMAS = 'events/schemas';

const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

const schemasOf = (contracts: readonly Contract[]): Schemas =>
  new Map(contracts.map((contract) => [keyOf(contract), jsonSchemaOf(contract, 'draft-4')]));

/** The schemas that were published last: those that are in the repository. */
const publishedIn = (root: string): Schemas =>
  new Map(
    globSync(`${SCHEMAS}/*.json`, { cwd: root })
      .sort()
      .map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(root, file), 'utf8'))]),
  );

/** Everything that is made of the contracts: text by path. */
const filesOf = (contracts: readonly [Contract, ...Contract[]]): ReadonlyMap<string, string> =>
  new Map([
    ...[...schemasOf(contracts)].map(([key, schema]) => [`${SCHEMAS}/${key}.json`, json(schema)] as const),
    ['docs/events/asyncapi.json', json(asyncApiOf(contracts))],
    ['docs/events.md', pageOf(contracts)],
  ]);

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

export interface Publication {
  /** Whether the contracts may be published; with `check`, whether they are. */
  readonly ok: boolean;
  /** What to tell whoever asked. */
  readonly lines: readonly string[];
}

/**
 * Publishes the contracts in the repository at `root`, where they break no consumer of those published before.
 * @param check writes nothing, and is content only where nothing is to be written
 */
export const publish = (
  root: string,
  contracts: readonly Contract[],
  { check = false }: { readonly check?: boolean } = {},
): Publication => {
  const [first, ...others] = contracts;
  if (!first) throw new Error('there are no contracts');
  const breaches = breachesOf(publishedIn(root), schemasOf(contracts));
  if (breaches.length > 0) {
    const lead = 'This would break consumers of events that are published, so nothing was written.';
    return { ok: false, lines: [lead, ...breaches.map(explain)] };
  }
  const stale = [...filesOf([first, ...others])].filter(([path, text]) => textOf(join(root, path)) !== text);
  if (check) {
    const lines = stale.map(([path]) => `${path} is not what the contracts say: run npm run contracts`);
    return { ok: stale.length === 0, lines };
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const lines = stale.length > 0 ? stale.map(([path]) => `wrote ${path}`) : ['nothing has changed'];
  return { ok: true, lines };
};
