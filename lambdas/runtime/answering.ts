import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { PlainId } from '../../api/requests/headers.ts';
import { boundary } from './boundary.ts';
import { failure, logger } from './logger.ts';
import { Problem } from './problem.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** In bytes: several times the longest order, and far less than would keep a function busy. */
const LARGEST_BODY = 65_536;

/** @throws Problem where it is too large */
export const bytesOf = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Buffer => {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > LARGEST_BODY)
    throw new Problem('body-too-large', `the body is larger than ${LARGEST_BODY / 1_024} KiB`);
  return bytes;
};

export const correlationIdOf = ({ headers, requestContext }: APIGatewayProxyEventV2): string => {
  const given = PlainId.safeParse(headers['x-correlation-id']);
  return given.success ? given.data : requestContext.requestId;
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

/** The boundary of whatever answers API Gateway: it sets the correlation id, and answers errors as problem details. */
export const answering = (work: (event: APIGatewayProxyEventV2) => Promise<ApiAnswer>) =>
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
      const { status, body, headers } = await work(event);
      logger.info('request answered', { status });
      return respond(status, body, { 'x-correlation-id': correlationIdOf(event), ...headers });
    });
