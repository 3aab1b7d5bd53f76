import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AwsClient } from 'aws4fetch';

/** The API has refused (`status` 4xx) or failed (5xx), and says why in its problem details. */
export class OperatorApiError extends Error {
  override readonly name = 'OperatorApiError';
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Nobody answers. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  constructor(url: string, cause: Error) {
    super(`nothing answers at ${url}: is the stack running? (${cause.message})`, { cause });
  }
}

/** `https://<id>.execute-api.<region>.amazonaws.com` */
const DEPLOYED = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/;

/** Signs for a deployed stage with whatever credentials the AWS SDK finds; the local stack wants no signature. */
const senderFor = (url: string): typeof fetch => {
  const region = DEPLOYED.exec(new URL(url).hostname)?.[1];
  if (!region) return fetch;
  const { credentials } = new CloudFormationClient({ region }).config;
  return async (input, init) => {
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
    const signed = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    const client = new AwsClient({ ...signed, service: 'execute-api', region, retries: 0 });
    return client.fetch(input as string, init);
  };
};

type Problem = { readonly detail?: string; readonly message?: string };

/** The operators' routes of a stage, by its URL. @throws OperatorApiError; UnreachableError */
export const operatorApi = (url: string) => {
  const send = senderFor(url);
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const content = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await send(new URL(path, url).href, { method, ...content }).catch((error: Error) => {
      throw new UnreachableError(url, error);
    });
    const answer = (await response.json().catch(() => ({}))) as T & Problem;
    if (response.ok) return answer;
    const detail = answer.detail ?? answer.message ?? `HTTP ${response.status}`;
    throw new OperatorApiError(response.status, detail);
  };
  return {
    get: <T>(path: string): Promise<T> => call('GET', path),
    post: <T>(path: string, body: object = {}): Promise<T> => call('POST', path, body),
  };
};
export type OperatorApi = ReturnType<typeof operatorApi>;
