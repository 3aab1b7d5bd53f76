import type * as z from 'zod';
import type { ROUTES, RouteKey } from './routes.ts';
import type { ReadonlyDeep, Told } from './told.ts';

type Model<Key extends RouteKey, Part extends string> =
  (typeof ROUTES)[Key] extends Readonly<Record<Part, infer Known extends z.ZodType>> ? Known : z.ZodUndefined;

/** What a client sends to a route: the variables of its path, its query, its body. */
export type RequestTo<Key extends RouteKey> = {
  readonly [Part in 'path' | 'body' as Model<Key, Part> extends z.ZodUndefined ? never : Part]: ReadonlyDeep<
    z.input<Model<Key, Part>>
  >;
} & { readonly query?: ReadonlyDeep<z.input<Model<Key, 'query'>>> };

/** The request, as the last argument of a call; it may be left out where there is nothing to say. */
export type Asked<Key extends RouteKey> =
  Record<never, never> extends RequestTo<Key> ? [request?: RequestTo<Key>] : [request: RequestTo<Key>];

/** What is answered where all is well. */
export type BodyOf<Key extends RouteKey> = Told<(typeof ROUTES)[Key]['answer']>;

/** The parts of a request by name, whichever its route. */
export interface AnyRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: object;
}

/** Where a request goes: its method, and its path, with the variables and the query in it. */
export const addressOf = (route: RouteKey, { path = {}, query = {} }: AnyRequest) => {
  const [method = '', template = ''] = route.split(' ');
  const filled = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name] ?? ''));
  const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { method, path: said.length > 0 ? `${filled}?${new URLSearchParams(said)}` : filled };
};
