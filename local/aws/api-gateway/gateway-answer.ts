import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type HttpResponse, statusAlone } from '../../http.ts';

/** What a function may answer in payload format 2.0, as far as it is valid. */
interface Answer {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws Error if HTTP has no such header */
const headersOf = (headers: unknown, cookies: unknown): HttpResponse['headers'] => {
  const named = Object.entries(headers ?? {}).map(([name, value]) => {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return [name.toLowerCase(), String(value)];
  });
  return {
    'content-type': 'text/plain; charset=utf-8',
    ...Object.fromEntries(named),
    ...(Array.isArray(cookies) && cookies.length > 0 && { 'set-cookie': cookies.map(String) }),
  };
};

const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;

/**
 * The response that a function's result stands for, in payload format 2.0. A result without a status is the body; what
 * is no response at all is a 500:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const gatewayAnswer = (result: unknown): HttpResponse => {
  if (!isRecord(result) || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : JSON.stringify(result);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const { statusCode, headers, cookies, body = '', isBase64Encoded }: Answer = result;
  const isGood = isStatus(statusCode) && (headers === undefined || isRecord(headers));
  if (!isGood || typeof body !== 'string') return statusAlone(500);
  try {
    return {
      status: statusCode,
      headers: headersOf(headers, cookies),
      body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
    };
  } catch {
    return statusAlone(500);
  }
};
