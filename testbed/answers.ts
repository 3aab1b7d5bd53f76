import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

interface Node {
  [key: string]: unknown;
}
interface Response {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

const FILE = join(import.meta.dirname, '../docs/api/openapi.json');

/** Closes every object: a client ignores fields it does not know, but we have to know all that we answer. */
const closed = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isOpen = 'properties' in inner && 'type' in inner && !('additionalProperties' in inner);
  return isOpen ? { ...inner, additionalProperties: false } : inner;
};

const document = closed(JSON.parse(readFileSync(FILE, 'utf8'))) as Node;
const ajv = new Ajv.default({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'openapi');

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The node at a place in the document, or the one that its reference leads to. */
const at = (
  ...pointer: readonly string[]
): { readonly pointer: readonly string[]; readonly node: Node } | undefined => {
  const node = pointer.reduce<Node | undefined>((within, key) => within?.[key] as Node | undefined, document);
  if (node === undefined) return undefined;
  return typeof node.$ref === 'string' ? at(...node.$ref.split('/').slice(1)) : { pointer, node };
};

const errorsBy = (pointer: readonly string[], value: unknown): string[] => {
  const $ref = `openapi#/${pointer.map(escaped).map(encodeURIComponent).join('/')}`;
  const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref });
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
};

/** A path as the gateway matches it: decoded, once. */
const decoded = (path: string): string => {
  const { pathname } = new URL(path, 'http://any');
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
};

const variablesIn = (path: string): number => path.split('{').length;
const PATHS = Object.keys(document.paths as Node)
  // Of two that match, the one with fewer variables wins.
  .sort((a, b) => variablesIn(a) - variablesIn(b))
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }));

/**
 * An answer of the API, and the request it answers.
 * @property path as it was requested, query and all, or as the route names it
 */
export interface ApiAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * What is wrong with an answer by the OpenAPI document (`docs/api/openapi.json`): a status, a type, a header or a field
 * that is not in it. API Gateway's own answer for an unknown route is not in the document, and right.
 */
export const answerErrors = ({ method, path, status, headers, body }: ApiAnswer): string[] => {
  const asked = decoded(path);
  const known = PATHS.find(({ pattern }) => pattern.test(asked))?.path ?? '';
  const operation = at('paths', known, method.toLowerCase());
  if (!operation) return status < 400 ? [`${method} ${path} is not in the document`] : [];
  const responses = [...operation.pointer, 'responses'];
  const response = at(...responses, `${status}`) ?? at(...responses, 'default');
  if (!response) return [`${method} ${known} has no answer ${status}`];
  const { headers: promised = {}, content = {} } = response.node as Response;
  const type = String(headers['content-type']).split(';')[0] as string;
  if (!content[type]) return [`${method} ${known} ${status} is not to be ${type}`];
  const ofFunction = Object.keys(content)[0] === type;
  return [
    ...errorsBy([...response.pointer, 'content', type, 'schema'], body),
    // The gateway's own answers have none of our headers.
    ...(ofFunction ? Object.keys(promised) : []).flatMap((name) => {
      const header = at(...response.pointer, 'headers', name);
      const errors = header ? errorsBy([...header.pointer, 'schema'], headers[name.toLowerCase()]) : [];
      return errors.map((error) => `header ${name}: ${error}`);
    }),
  ].map((error) => `${method} ${known} ${status}: ${error}`);
};
