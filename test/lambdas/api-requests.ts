import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { audienceOf } from '../../api/audience.ts';
import { answerErrors } from '../../testbed/answers.ts';
import { lambdaContext } from './lambda-context.ts';

export interface Request {
  readonly body?: unknown;
  /** By lower-case name, as the HTTP API hands them on. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly customerId?: string;
  /** The route that matched. */
  readonly routeKey: string;
  /** The API that it is a route of, in place of its audience's. */
  readonly apiId?: string;
  /** In place of the IAM authorizer that vouches for the shop's backend, or for the operator. */
  readonly authorizer?: unknown;
}

/** A request as the HTTP API hands it to a function (payload 2.0); a text is sent as it is, anything else as JSON. */
export const apiRequest = ({
  body,
  headers = {},
  path,
  query,
  customerId = 'customer-1',
  routeKey,
  apiId,
  ...rest
}: Request) =>
  ({
    version: '2.0',
    routeKey,
    headers: { 'x-customer-id': customerId, ...headers },
    ...(path && { pathParameters: path }),
    ...(query && { queryStringParameters: query }),
    requestContext: {
      requestId: 'request-of-the-gateway',
      apiId: apiId ?? `${audienceOf(routeKey)}-api`,
      authorizer:
        'authorizer' in rest
          ? rest.authorizer
          : { iam: { userId: audienceOf(routeKey) === 'operators' ? customerId : 'AROABACKEND:7' } },
    },
    isBase64Encoded: false,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }) as unknown as APIGatewayProxyEventV2;

type ApiHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What any function answers, its body read as JSON. */
export const askAny = async (handler: ApiHandler, event: APIGatewayProxyEventV2) => {
  const { statusCode, headers = {}, body = 'null' } = await handler(event, lambdaContext);
  return { status: statusCode, headers, body: JSON.parse(body) };
};

/**
 * What the function of a route answers.
 * @throws Error where it is not what the OpenAPI document says of the route
 */
export const ask: typeof askAny = async (handler, event) => {
  const answer = await askAny(handler, event);
  const [method = '', path = ''] = event.routeKey.split(' ');
  const errors = answerErrors({ method, path, ...answer, status: answer.status ?? 0 });
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return answer;
};
