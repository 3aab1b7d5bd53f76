import { WHEN } from '../api/problem-details.ts';
import { PROBLEMS, type ProblemName } from '../api/problems.ts';
import type { Route } from '../api/route.ts';
import { fieldsOf, type JsonSchema, typesOf } from './json-schema.ts';

interface Document {
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

type Cells = readonly string[];

/** A Markdown table, in columns. */
const table = (head: Cells, rows: readonly Cells[]): string => {
  const all = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
  const line = (row: Cells) =>
    `| ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length)).join(' | ')} |`;
  const [first = [], ...others] = all;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
};

const code = (text: unknown): string => `\`${text}\``;

/** What the document's schemas are, each with those within it that it only refers to. */
const schemasOf = ({ components }: Document) => {
  const schemas = components?.schemas ?? {};
  const whole = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(whole);
    if (typeof node !== 'object' || node === null) return node;
    const { $ref, ...own } = node as { readonly $ref?: string };
    const referred = $ref && (whole(schemas[$ref.split('/').at(-1) ?? '']) as object);
    return {
      ...referred,
      ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, whole(value)])),
    };
  };
  /** @throws Error where there is none */
  return (name: string): JsonSchema => {
    if (!schemas[name]) throw new Error(`there is no schema ${name}`);
    return whole(schemas[name]) as JsonSchema;
  };
};

const bounds = (least: unknown, most: unknown): string => {
  if (least === undefined && most === undefined) return '';
  return most === undefined ? `at least ${least}` : `${least ?? 0} to ${most}`;
};

const typeOf = (schema: JsonSchema): string => {
  if (schema.enum) return schema.enum.map(code).join(', ');
  if ('const' in schema) return code(schema.const);
  if (schema.items) {
    const length = bounds(schema.minItems, schema.maxItems);
    const entry = schema.items.oneOf ? 'objects' : schema.items.properties ? 'objects' : typeOf(schema.items);
    return `list of ${length ? `${length} ` : ''}${entry}`;
  }
  const types = typesOf(schema).join(' or ');
  const characters = bounds(schema.minLength, schema.maxLength);
  const form = schema.format ?? (schema.pattern && code(schema.pattern));
  const said = [
    form,
    characters && `${characters} characters`,
    bounds(schema.minimum, schema.maximum),
    schema['x-unit'],
  ];
  return [types, ...said.filter(Boolean)].join(', ');
};

/** @param besides the fields that are told elsewhere already */
const fieldTable = (schema: JsonSchema, besides?: JsonSchema): string => {
  const told = new Set(besides ? fieldsOf(besides).map(({ path }) => path) : []);
  return table(
    ['Field', 'Type', 'What it says'],
    fieldsOf(schema)
      .filter(({ path }) => !told.has(path))
      .map(({ path, schema: field, required }) => [
        code(path),
        `${required ? '' : 'optional; '}${typeOf(field)}`,
        field.description ?? '',
      ]),
  );
};

/** What an alternative says of one of its fields. */
const cellOf = (field: JsonSchema): string => {
  if (field.properties)
    return Object.entries(field.properties)
      .map(([name, inner]) => `${code(name)}: ${inner.description ?? ''}`)
      .join(' ');
  const values = field.enum ?? ('const' in field ? [field.const] : []);
  return [values.map(code).join(', '), field.description ?? ''].filter(Boolean).join('. ');
};

/** The kinds of a list's entries, one a row. */
const kindTable = (alternatives: readonly JsonSchema[]): string => {
  const [{ properties: first = {} } = {}] = alternatives;
  const isKind = (column: string) => 'const' in (first[column] ?? {});
  const columns = Object.keys(first).sort((a, b) => Number(isKind(b)) - Number(isKind(a)));
  return table(
    columns.map(code),
    alternatives.map(({ properties = {} }) => columns.map((column) => cellOf(properties[column] ?? {}))),
  );
};

/** `What operators have asked for` as the place of its heading on the page. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

const routeTable = (routes: Readonly<Record<string, Route>>): string =>
  table(
    ['Call', 'Function', 'Answer', 'Refusals'],
    Object.entries(routes).map(([key, route]) => [
      `[${code(key)}](#${anchorOf(route.summary)})`,
      code(route.function),
      `${route.status}`,
      [...new Set(route.problems.map((name) => PROBLEMS[name].status))].sort().join(', '),
    ]),
  );

const problemTable = (): string =>
  table(
    ['`type`', 'Status', '`title`', 'When'],
    (Object.keys(PROBLEMS) as ProblemName[]).map((name) => [
      code(name),
      `${PROBLEMS[name].status}`,
      PROBLEMS[name].title,
      WHEN[name],
    ]),
  );

const MARKED = /(<!-- (.+?), by npm run contracts -->\n)[\s\S]*?(<!-- end -->)/g;

/**
 * The page with its tables as the API is: between `<!-- WHAT, by npm run contracts -->` and `<!-- end -->`, of which WHAT is
 * `routes`, `problems`, `fields of SCHEMA`, `fields of SCHEMA besides SCHEMA` or `kinds of SCHEMA.FIELD`.
 * @throws Error where it is none of these, or there is no such schema
 */
export const apiPageOf = (
  page: string,
  routes: Readonly<Record<string, Route>>,
  document: Document,
): string => {
  const schemaOf = schemasOf(document);
  const tableOf = (what: string): string => {
    if (what === 'routes') return routeTable(routes);
    if (what === 'problems') return problemTable();
    const [, fields, besides] = what.match(/^fields of (\w+)(?: besides (\w+))?$/) ?? [];
    if (fields) return fieldTable(schemaOf(fields), besides === undefined ? undefined : schemaOf(besides));
    const [, list, field = ''] = what.match(/^kinds of (\w+)\.(\w+)$/) ?? [];
    const kinds = list && schemaOf(list).properties?.[field]?.items?.oneOf;
    if (!kinds) throw new Error(`docs/api.md wants ${what}, which there is not`);
    return kindTable(kinds);
  };
  return page.replaceAll(
    MARKED,
    (_, begin: string, what: string, end: string) => `${begin}\n${tableOf(what)}\n\n${end}`,
  );
};
