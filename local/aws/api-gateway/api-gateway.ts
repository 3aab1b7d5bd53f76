import { randomUUID } from 'node:crypto';
import { type HttpRequest, type HttpResponse, statusAlone } from '../../http.ts';
import type { Resource } from '../../template.ts';
import type { Functions } from '../lambda/functions.ts';
import { type Authorizer, authorizers } from './authorizers.ts';
import { type CorsConfiguration, cors } from './cors.ts';
import { gatewayAnswer } from './gateway-answer.ts';
import { gatewayEvent } from './gateway-event.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, in bytes */
const LARGEST_BODY = 10 * 1_024 * 1_024;
const LARGEST_HEAD = 10_240;

/** The request line and the values of the headers. */
const headBytes = ({ method, url, headers }: HttpRequest): number =>
  Buffer.byteLength([`${method} ${url.pathname}${url.search} HTTP/1.1`, ...Object.values(headers)].join(''));

/** The path as the gateway matches it and hands it on: decoded, once; undefined if it cannot be decoded. */
const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

/** A method, and segments that are either fixed or one variable: no `ANY`, no `$default`, no `{proxy+}`. */
const ROUTE_KEY = /^(?!ANY )[A-Z]+ (\/([\w.-]+|\{\w+\}))+$/;

const variablesIn = (routeKey: string): number => routeKey.split('{').length;

export interface ApiGatewayProps {
  readonly resources: readonly Resource[];
  /** Whose routes. */
  readonly apiId: string;
  readonly functions: Functions;
  /** Whether a call that says nothing of who makes it is refused, as on AWS. */
  readonly auth?: boolean;
}

/** An HTTP API of the stack (payload format 2.0). */
export const apiGateway = ({ resources, apiId, functions, auth = false }: ApiGatewayProps) => {
  const authorizerOf = authorizers(resources, auth);
  const integrations = new Map(
    resources
      .filter(({ type }) => type === 'AWS::ApiGatewayV2::Integration')
      .map(({ logicalId, properties: { IntegrationUri, IntegrationType, PayloadFormatVersion } }) => {
        if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
          throw new Error(
            `${logicalId}: only Lambda proxy integrations with payload format 2.0 are emulated locally`,
          );
        }
        return [`integrations/${logicalId}`, String(IntegrationUri)];
      }),
  );
  const routes = resources
    .filter(({ type, properties }) => type === 'AWS::ApiGatewayV2::Route' && properties.ApiId === apiId)
    .map(({ properties }) => {
      const { RouteKey, Target } = properties;
      const routeKey = String(RouteKey);
      if (!ROUTE_KEY.test(routeKey)) throw new Error(`the route ${routeKey} is not emulated locally`);
      const [method = '', path = ''] = routeKey.split(' ');
      const pattern = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
      const functionArn = integrations.get(String(Target)) ?? '';
      return { routeKey, method, pattern, functionArn, authorizer: authorizerOf(properties) };
    })
    // As in API Gateway, of two routes that match the one with fewer variables wins.
    .sort((a, b) => variablesIn(a.routeKey) - variablesIn(b.routeKey));

  const { CorsConfiguration } =
    resources.find(({ type, ref }) => type === 'AWS::ApiGatewayV2::Api' && ref === apiId)?.properties ?? {};
  const pages = cors(CorsConfiguration as CorsConfiguration | undefined);

  return {
    /** `METHOD /path` of every route. */
    routes: routes.map(({ routeKey }) => routeKey),

    /** The header by which somebody of this name calls. @param claims further ones of the token, where it is one */
    authorizationOf: async (...who: Parameters<Authorizer['authorizationOf']>): Promise<string> => {
      const all = await Promise.all(routes.map(({ authorizer }) => authorizer.authorizationOf(...who)));
      // A route that is open to anybody asks for none.
      return all.find((header) => header !== '') ?? '';
    },

    handle: async (request: HttpRequest): Promise<HttpResponse> => {
      if (headBytes(request) > LARGEST_HEAD) return statusAlone(431);
      if (request.body.length > LARGEST_BODY) return statusAlone(413);
      const path = decoded(request.url.pathname);
      if (path === undefined) return statusAlone(400);
      const preflight = pages.preflight(request);
      if (preflight) return preflight;
      const route = routes.find(({ method, pattern }) => method === request.method && pattern.test(path));
      if (!route) return statusAlone(404);
      const verdict = await route.authorizer.check(request);
      if ('refusal' in verdict) return verdict.refusal;
      const event = gatewayEvent(request, {
        apiId,
        routeKey: route.routeKey,
        path,
        pathParameters: { ...path.match(route.pattern)?.groups },
        requestId: randomUUID(),
        authorizer: verdict.authorizer,
      });
      try {
        const { result, error } = await functions.invoke(route.functionArn, event);
        return error ? statusAlone(500) : pages.answer(request, gatewayAnswer(result));
      } catch (error) {
        // Lambda takes less than the gateway does.
        if ((error as Error).name === 'RequestTooLargeException') return statusAlone(413);
        if ((error as Error).name === 'TooManyRequestsException') return statusAlone(500);
        throw error;
      }
    },
  };
};
export type ApiGateway = ReturnType<typeof apiGateway>;
