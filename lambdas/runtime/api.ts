import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from './logger.ts';

/** One bad field of a request, by its path: `items[0].quantity`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An answer other than success, as problem details (RFC 9457). `errors` names each bad field. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[] | undefined;
  constructor(status: number, title: string, detail: string, errors?: readonly FieldError[]) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }
}

/** A request as the handlers see it. */
export interface ApiCall {
  /** Who calls: the authorizer's word, never the client's. */
  readonly customerId: string;
  /** Whether it came by an operators' route, which the authorizer lets operators through to, and nobody else. */
  readonly isOperator: boolean;
  readonly correlationId: string;
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** By lower-case name. */
  readonly header: (name: string) => string | undefined;
  /**
   * The JSON body, by its model.
   * @throws Problem 400 naming each bad field
   */
  readonly body: <Model extends z.ZodType>(model: Model) => z.infer<Model>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Request-scoped ids come from outside and end up in logs and records: short and plain, or replaced. */
const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,64}$/;

/** The gateway's own word for the route that matched (`GET /ops/orders`), whatever the client has sent. */
const OPERATORS_ROUTE = /^[A-Z]+ \/ops\//;

const correlationIdOf = ({ headers, requestContext }: APIGatewayProxyEventV2): string => {
  const given = headers['x-correlation-id'];
  return given && CORRELATION_ID.test(given) ? given : requestContext.requestId;
};

/** The subject of a JWT authorizer, or the principal of an IAM one. */
const callerOf = ({ requestContext }: APIGatewayProxyEventV2): string => {
  const { authorizer } = requestContext as {
    authorizer?: { jwt?: { claims?: Record<string, unknown> }; iam?: { userId?: string } };
  };
  const caller = authorizer?.jwt?.claims?.sub ?? authorizer?.iam?.userId;
  if (typeof caller !== 'string' || caller === '') {
    throw new Problem(401, 'Unauthorized', 'the request carries no identity that an authorizer has checked');
  }
  return caller;
};

/** `['items', 0, 'sku']` as `items[0].sku`, as a person would write it. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, key) =>
      typeof key === 'number' ? `${name}[${key}]` : name ? `${name}.${String(key)}` : String(key),
    '',
  ) || '(body)';

export const fieldErrors = ({ issues }: z.ZodError): FieldError[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: fieldName([...issue.path, key]), message: 'is not a known field' }))
      : [{ field: fieldName(issue.path), message: issue.message }],
  );

const parseBody = <Model extends z.ZodType>(event: APIGatewayProxyEventV2, model: Model): z.infer<Model> => {
  const text = event.isBase64Encoded
    ? Buffer.from(event.body ?? '', 'base64').toString()
    : (event.body ?? '');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Problem(400, 'Bad Request', 'the body is not JSON', [
      { field: '(body)', message: 'is not JSON' },
    ]);
  }
  const parsed = model.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'Bad Request', 'some fields are not valid', fieldErrors(parsed.error));
};

const respond = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** The boundary of a route: who calls, the correlation id, JSON in and out, errors as problem details. */
export const api = (work: (call: ApiCall) => Promise<ApiAnswer>) =>
  middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .before(({ event }) => {
      logger.resetKeys();
      logger.appendKeys({
        correlationId: correlationIdOf(event),
        // The access log knows the call by this, also where the caller has brought an id of its own.
        requestId: event.requestContext.requestId,
        route: event.routeKey,
        orderId: event.pathParameters?.orderId,
      });
    })
    .onError((request) => {
      const { event, error } = request;
      const headers = {
        'content-type': 'application/problem+json',
        'x-correlation-id': correlationIdOf(event),
      };
      if (error instanceof Problem) {
        const { status, title, message: detail, errors } = error;
        logger.info('request refused', { status, detail });
        request.response = respond(status, { type: 'about:blank', title, status, detail, errors }, headers);
        return;
      }
      logger.error('request failed', { error: error?.name, reason: error?.message });
      const detail = `something went wrong on our side; quote correlation id ${headers['x-correlation-id']}`;
      request.response = respond(
        500,
        { type: 'about:blank', title: 'Internal Server Error', status: 500, detail },
        headers,
      );
    })
    .handler(async (event) => {
      const correlationId = correlationIdOf(event);
      const { status, body, headers } = await work({
        customerId: callerOf(event),
        isOperator: OPERATORS_ROUTE.test(event.routeKey),
        correlationId,
        path: event.pathParameters ?? {},
        query: event.queryStringParameters ?? {},
        header: (name) => event.headers[name],
        body: (model) => parseBody(event, model),
      });
      logger.info('request answered', { status });
      return respond(status, body, { 'x-correlation-id': correlationId, ...headers });
    });
