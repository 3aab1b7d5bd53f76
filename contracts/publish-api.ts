import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Route } from '../api/route.ts';
import { apiPageOf } from './api-page.ts';
import { openApiOf } from './openapi.ts';
import { json, type Publication, written } from './written.ts';

const PAGE = 'docs/api.md';

/**
 * Publishes the API in the repository at `root`: its OpenAPI document, and the tables of its page, which is written by
 * hand but for them.
 * @param check writes nothing, and is content only where nothing is to be written
 */
export const publishApi = (
  root: string,
  routes: Readonly<Record<string, Route>>,
  { check = false }: { readonly check?: boolean } = {},
): Publication => {
  const document = openApiOf(routes);
  const page = apiPageOf(readFileSync(join(root, PAGE), 'utf8'), routes, document);
  const files = new Map([
    ['docs/api/openapi.json', json(document)],
    [PAGE, page],
  ]);
  return written(root, files, check);
};
