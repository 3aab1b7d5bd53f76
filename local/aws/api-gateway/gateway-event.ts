import type { HttpRequest } from '../../http.ts';

/** What the API's function is told besides the request itself. */
export interface Matched {
  readonly apiId: string;
  readonly routeKey: string;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** What the route's authorizer has found out, where it has one. */
  readonly authorizer: object | undefined;
}

/** Bodies that are handed on as text; any other is as base64. */
const TEXT = /^\s*(text\/|application\/(json|xml|javascript)\b|[^;]*\+(json|xml)\b)/i;

/** By name; repeated parameters are joined by commas. */
const queryIn = ({ searchParams }: URL): Map<string, string> => {
  const query = new Map<string, string>();
  for (const [name, value] of searchParams) {
    const earlier = query.get(name);
    query.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return query;
};

/**
 * The event of a request, in payload format 2.0. As in API Gateway, an empty field is left out.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const gatewayEvent = (
  { method, url, headers, body }: HttpRequest,
  { apiId, routeKey, path, pathParameters, requestId, authorizer }: Matched,
): object => {
  const { cookie, ...others } = headers;
  const query = queryIn(url);
  const isBase64Encoded = body.length > 0 && !TEXT.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split(/; ?/) }),
    headers: others,
    ...(query.size > 0 && { queryStringParameters: Object.fromEntries(query) }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId,
      domainName: headers.host ?? url.host,
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      timeEpoch: Date.now(),
      ...(authorizer && { authorizer }),
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
};
