import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import { type ApiAnswer, answering, bytesOf, correlationIdOf } from './answering.ts';
import { type Caller, CallersEnv, callerOf, emailOf } from './callers.ts';
import { env } from './env.ts';
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

const { CALLERS } = env(CallersEnv);

/** @throws Problem */
const jsonIn = (event: APIGatewayProxyEventV2): unknown => {
  const bytes = bytesOf(event);
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('not-json', 'the body is not JSON', [{ field: '(body)', message: 'is not JSON' }]);
  }
};

/** The boundary of a route that callers ask: it knows who calls, and reads and writes JSON. */
export const api = (work: (call: ApiCall) => Promise<ApiAnswer>) =>
  answering((event) =>
    work({
      ...callerOf(event, CALLERS),
      route: event.routeKey,
      requestId: event.requestContext.requestId,
      correlationId: correlationIdOf(event),
      path: event.pathParameters ?? {},
      query: event.queryStringParameters ?? {},
      header: (name) => event.headers[name],
      email: () => emailOf(event, CALLERS),
      body: (model) => validFields(model, jsonIn(event)),
    }),
  );
