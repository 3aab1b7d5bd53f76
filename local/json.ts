import type { HttpResponse } from './http.ts';

export const json = (status: number, body: unknown): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(body, null, 2)}\n`,
});

/** @throws Error if it is not a JSON object */
export const objectIn = (body: Buffer): object => {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new Error('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('the body is not a JSON object');
  return value;
};
