import { randomUUID } from 'node:crypto';
import type { Functions } from './functions.ts';
import type { Resource } from './template.ts';

/** A request as a client sends it. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Stands in for the authorizer, which needs AWS: every local call is this customer's. */
const LOCAL_CALLER = { jwt: { claims: { sub: 'local-customer' }, scopes: null } };

const message = (status: number, text: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: text }),
});

const variablesIn = (routeKey: string): number => routeKey.split('{').length;

/** The stack's HTTP API (payload format 2.0). */
export const apiGateway = ({
  resources,
  functions,
}: {
  resources: readonly Resource[];
  functions: Functions;
}) => {
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
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Route')
    .map(({ properties: { RouteKey, Target } }) => {
      const routeKey = String(RouteKey);
      const [method = '', path = ''] = routeKey.split(' ');
      const pattern = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
      return { routeKey, method, pattern, functionArn: integrations.get(String(Target)) ?? '' };
    })
    // As API Gateway does: of two routes that match, the one with fewer variables.
    .sort((a, b) => variablesIn(a.routeKey) - variablesIn(b.routeKey));

  return {
    /** `METHOD /path` of every route. */
    routes: routes.map(({ routeKey }) => routeKey),

    handle: async ({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> => {
      const route = routes.find(
        (candidate) => candidate.method === method && candidate.pattern.test(url.pathname),
      );
      if (!route) return message(404, 'Not Found');
      const pathParameters = { ...url.pathname.match(route.pattern)?.groups };
      const query = Object.fromEntries(url.searchParams);
      const { result, error } = await functions.invoke(route.functionArn, {
        version: '2.0',
        routeKey: route.routeKey,
        rawPath: url.pathname,
        rawQueryString: url.search.slice(1),
        headers,
        ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
        ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
        requestContext: {
          accountId: '000000000000',
          apiId: 'local',
          domainName: url.host,
          http: {
            method,
            path: url.pathname,
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: headers['user-agent'] ?? '',
          },
          requestId: randomUUID(),
          routeKey: route.routeKey,
          stage: '$default',
          timeEpoch: Date.now(),
          authorizer: LOCAL_CALLER,
        },
        ...(body && { body }),
        isBase64Encoded: false,
      });
      if (error) return message(500, 'Internal Server Error');
      const answer = result as { statusCode: number; headers?: Record<string, string>; body?: string };
      return { status: answer.statusCode, headers: answer.headers ?? {}, body: answer.body ?? '' };
    },
  };
};
export type ApiGateway = ReturnType<typeof apiGateway>;
