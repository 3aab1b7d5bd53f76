import * as z from 'zod';

/**
 * What may stand in logs and records of an id from outside: short and plain. The gateway's own ids end with `=`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const PlainId = z.string().regex(/^[A-Za-z0-9._:=-]{1,64}$/);

export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,128}$/);
