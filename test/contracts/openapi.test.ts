import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { PROBLEMS } from '../../api/problems.ts';
import type { Route } from '../../api/route.ts';
import { EVERYWHERE, ROUTES } from '../../api/routes.ts';
import { anchorOf, apiPageOf } from '../../contracts/api-page.ts';
import { fieldsOf, type JsonSchema } from '../../contracts/json-schema.ts';
import { openApiOf } from '../../contracts/openapi.ts';
import { publishApi } from '../../contracts/publish-api.ts';

const root = join(import.meta.dirname, '../..');
const document = openApiOf(ROUTES);
const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const routes: readonly [string, Route][] = Object.entries(ROUTES);

it('the API is published: document and page are up to date', () => {
  expect(publishApi(root, ROUTES, { check: true })).toEqual({ ok: true, lines: [] });
});

it('the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate({ ...structuredClone(document) })).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
});

describe.each(routes)('the route %s', (_, { function: file, summary }) => {
  it('is answered by a function that there is', () => {
    expect(
      globSync(`lambdas/{orders/api,deliveries,actions,payment}/${file}.ts`, { cwd: root }),
    ).toHaveLength(1);
  });

  it('has a section on the page', () => {
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
    expect(headings).toContain(anchorOf(summary));
  });
});

it('the operations have names of their own', () => {
  const names = routes.map(([, { operationId }]) => operationId);
  expect(new Set(names).size).toBe(names.length);
});

it('every problem is one that some route answers', () => {
  const answered = new Set([
    ...routes.flatMap(([, { problems }]) => problems),
    ...Object.values(EVERYWHERE).flat(),
  ]);
  expect([...answered].sort()).toEqual(Object.keys(PROBLEMS).sort());
});

/** What is answered; a body takes no field that it does not name. */
const answered = Object.entries(
  (document.components?.schemas ?? {}) as unknown as Record<string, JsonSchema>,
).filter(([, { additionalProperties }]) => additionalProperties === undefined);
it.each(answered)('%s says what each of its fields is', (_, schema) => {
  const fields = fieldsOf(schema).filter(({ schema: field }) => !('$ref' in field));
  expect(fields.filter(({ schema: { description } }) => !description).map(({ path }) => path)).toEqual([]);
});

describe('the page', () => {
  const filled = (what: string) =>
    apiPageOf(`<!-- ${what}, by npm run contracts -->\n<!-- end -->`, ROUTES, document);

  it('has the tables that it asks for', () => {
    expect(filled('routes')).toContain('[`POST /orders`](#place-an-order)');
    expect(filled('problems')).toContain('`order-not-found`');
    expect(filled('fields of ParkedOrder')).toContain('`parkedAt`');
    expect(filled('kinds of Timeline.entries')).toContain('`delivery`');
    const besides = filled('fields of OperatorsOrder besides Order');
    expect(besides).toContain('`review.signals`');
    expect(besides).not.toContain('`totalCents`');
  });

  it('asks for no others', () => {
    expect(() => filled('tables')).toThrow('tables');
    expect(() => filled('fields of Nothing')).toThrow('Nothing');
    expect(() => filled('kinds of Order.items')).toThrow('kinds of Order.items');
  });

  it('is left alone elsewhere', () => {
    expect(apiPageOf('# The API', ROUTES, document)).toBe('# The API');
  });
});
