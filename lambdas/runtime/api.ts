import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import { PlainId } from '../../api/requests/headers.ts';
import { boundary } from './boundary.ts';
import { type Caller, CallersEnv, callerOf, emailOf } from './callers.ts';
import { env } from './env.ts';
import { failure, logger } from './logger.ts';
import { Problem } from './problem.ts';
import { validFields } from './valid-fields.ts';

/** A request as the handlers see it. */
export interface ApiCall extends Caller {
  /** The route that matched, as the stack names it: `GET /orders/{orderId}`. */
  readonly route: string;
  /** The gateway's id of this call. */
  readonly requestId: string;
  readonly correlationId: string;
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** By lower-case name. */
  readonly header: (name: string) => string | undefined;
  /**
   * Where the customer's mail goes, if anybody has said so.
   * @throws Problem where it was said, and is no address
   */
  readonly email: () => string | undefined;
  /**
   * The JSON body, by its model.
   * @throws Problem naming each bad field, or saying that it is not JSON, or too large
   */
  readonly body: <Model extends z.ZodType>(model: Model) => z.infer<Model>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** In bytes: several times the longest order, and far less than would keep a function busy. */
const LARGEST_BODY = 65_536;

const { CALLERS } = env(CallersEnv);

const correlationIdOf = ({ headers, requestContext }: APIGatewayProxyEventV2): string => {
  const given = PlainId.safeParse(headers['x-correlation-id']);
  return given.success ? given.data : requestContext.requestId;
};

/** @throws Problem */
const jsonIn = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): unknown => {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > LARGEST_BODY)
    throw new Problem('body-too-large', `the body is larger than ${LARGEST_BODY / 1_024} KiB`);
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('not-json', 'the body is not JSON', [{ field: '(body)', message: 'is not JSON' }]);
  }
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

/**
 * The boundary of a route: it knows who calls, sets the correlation id, reads and writes JSON, and answers errors as
 * problem details.
 */
export const api = (work: (call: ApiCall) => Promise<ApiAnswer>) =>
  boundary<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .before(({ event }) => {
      logger.resetKeys();
      logger.appendKeys({
        correlationId: correlationIdOf(event),
        // The access log knows the call by this id, even where the caller has sent a correlation id.
        requestId: event.requestContext.requestId,
        route: event.routeKey,
      });
    })
    .onError((request) => {
      const { event, error } = request;
      const correlationId = correlationIdOf(event);
      const headers = { 'content-type': 'application/problem+json', 'x-correlation-id': correlationId };
      const problem =
        error instanceof Problem
          ? error
          : new Problem(
              'internal-error',
              `something went wrong on our side; quote correlation id ${correlationId}`,
            );
      if (problem === error)
        logger.info('request refused', { problem: problem.problem, status: problem.status });
      else logger.error('request failed', failure(error as Error));
      request.response = respond(problem.status, problem, headers);
    })
    .handler(async (event) => {
      const correlationId = correlationIdOf(event);
      const { status, body, headers } = await work({
        ...callerOf(event, CALLERS),
        route: event.routeKey,
        requestId: event.requestContext.requestId,
        correlationId,
        path: event.pathParameters ?? {},
        query: event.queryStringParameters ?? {},
        header: (name) => event.headers[name],
        email: () => emailOf(event, CALLERS),
        body: (model) => validFields(model, jsonIn(event)),
      });
      logger.info('request answered', { status });
      return respond(status, body, { 'x-correlation-id': correlationId, ...headers });
    });
