import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Contract, keyOf } from '../events/contract.ts';
import { asyncApiOf } from './asyncapi.ts';
import { breachesOf, explain, type Schemas } from './compatibility.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { pageOf } from './page.ts';
import { json, type Publication, written } from './written.ts';

const SCHEMAS = 'events/schemas';

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
  return written(root, filesOf([first, ...others]), check);
};
