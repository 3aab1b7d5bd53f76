import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { type Audience, audienceOf } from '../api/audience.ts';
import { GatewayRefusal, PROBLEM_DETAILS, pascalCase } from '../api/problem-details.ts';
import { PROBLEMS, type ProblemName } from '../api/problems.ts';
import { Customer } from '../api/requests/customer.ts';
import { PlainId } from '../api/requests/headers.ts';
import type { Route } from '../api/route.ts';
import { EVERYWHERE } from '../api/routes.ts';

const correlationId = {
  asked: PlainId.optional().meta({
    description:
      'Is to stand on every log line and in every event that the request causes. Anything else, or nothing: the id of the request itself.',
    param: { id: 'CorrelationId' },
  }),
  answered: PlainId.meta({
    description: 'Of this request.',
    header: { id: 'CorrelationId' },
  }),
};

/** Of customers' routes. */
const customerNamed = Customer.optional().meta({
  description:
    "Where the stage's customers call by the shop's backend: whom it calls for. It counts of nobody else.",
  param: { id: 'CustomerId' },
});

/** What API Gateway may answer in the place of a function, too. */
const GATEWAY_STATUSES = [400, 401, 403, 413, 500];
const gatewayRefusal = { 'application/json': { schema: GatewayRefusal } };
const byGateway: ZodOpenApiResponseObject = {
  id: 'GatewayRefusal',
  description:
    'What API Gateway itself refuses: a call without a token or a signature, more calls than the stage takes, ...',
  content: gatewayRefusal,
};

const answerOf = ({ answer, summary, location }: Route): ZodOpenApiResponseObject => ({
  description: summary,
  headers: z.object({
    'X-Correlation-Id': correlationId.answered,
    ...(location && { Location: z.string().meta({ description: `\`${location}\`` }) }),
  }),
  content: { 'application/json': { schema: answer } },
});

const refusal = (status: number, description: string, schema: z.ZodType): ZodOpenApiResponseObject => ({
  description,
  headers: z.object({ 'X-Correlation-Id': correlationId.answered }),
  content: {
    'application/problem+json': { schema },
    ...(GATEWAY_STATUSES.includes(status) && gatewayRefusal),
  },
});

/** The answer of each problem, by its name: a component, as many routes answer the same. */
const REFUSALS: ReadonlyMap<ProblemName, ZodOpenApiResponseObject> = new Map(
  [...PROBLEM_DETAILS].map(([name, details]) => {
    const { status, title } = PROBLEMS[name];
    return [name, { id: pascalCase(name), ...refusal(status, title, details) }];
  }),
);

/** What is answered under one status: the problem, or one of several. */
const refusalBy = (status: number, names: readonly ProblemName[]): ZodOpenApiResponseObject => {
  const [name] = names;
  const known = names.length === 1 && name && REFUSALS.get(name);
  if (known) return known;
  const titles = names.map((each) => PROBLEMS[each].title).join('; ');
  return refusal(status, titles, z.union(names.map((each) => PROBLEM_DETAILS.get(each) as z.ZodObject)));
};

const refusalsOf = (
  { problems, isSigned }: Route,
  audience: Audience,
): Record<string, ZodOpenApiResponseObject> => {
  const everywhere = EVERYWHERE[isSigned ? 'providers' : audience];
  const byStatus = Map.groupBy([...problems, ...everywhere], (name) => PROBLEMS[name].status);
  return Object.fromEntries([...byStatus].map(([status, names]) => [`${status}`, refusalBy(status, names)]));
};

const operationOf = (key: string, route: Route): ZodOpenApiOperationObject => {
  const { operationId, summary, path, query, headers, body, status, isSigned } = route;
  const audience = audienceOf(key);
  return {
    operationId,
    summary,
    tags: [isSigned ? 'providers' : audience],
    ...(isSigned && { security: [] }),
    requestParams: {
      ...(path && { path }),
      ...(query && { query }),
      header: z.object({
        'X-Correlation-Id': correlationId.asked,
        ...(audience === 'customers' && !isSigned && { 'X-Customer-Id': customerNamed }),
        ...headers?.shape,
      }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: answerOf(route),
      ...refusalsOf(route, audience),
      default: byGateway,
    },
  };
};

/** By path, and within it by method. */
const pathsOf = (routes: Readonly<Record<string, Route>>) => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const [key, route] of Object.entries(routes)) {
    const [method = '', path = ''] = key.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(key, route) };
  }
  return paths;
};

/** The API as OpenAPI 3.1 tells it: every route, what it takes, and all that it may answer. */
export const openApiOf = (routes: Readonly<Record<string, Route>>) =>
  createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'order-saga: the API',
        version: '1.0.0',
        description:
          'Orders, for customers below `/orders`; for operators below `/ops`, on an API of their own at another host. Fields will be added to answers: let through what you do not know.',
      },
      tags: [
        { name: 'customers', description: 'They see their own orders, and no others.' },
        { name: 'operators', description: 'They see every order.' },
        { name: 'providers', description: 'They tell of what has happened, and sign it.' },
      ],
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
      // One of them, as the stage is configured.
      security: [{ token: [] }, { sigv4: [] }],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description:
              "A token of the stage's issuer: what customers show, and operators where they have one.",
          },
          sigv4: {
            type: 'apiKey',
            name: 'Authorization',
            in: 'header',
            'x-amazon-apigateway-authtype': 'awsSigv4',
            description:
              "Calls are signed by AWS Signature Version 4, service `execute-api`: those of operators, and of the shop's backend where customers call by it.",
          },
        },
      },
      paths: pathsOf(routes),
    },
    {
      override: ({ jsonSchema, io }) => {
        // zod spells a format out as a pattern of its own, which is no promise of ours and may change with zod.
        if (jsonSchema.format) delete jsonSchema.pattern;
        if (io === 'output') delete jsonSchema.additionalProperties;
        // Which whole numbers JavaScript can tell apart is no bound of ours.
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      },
    },
  );
