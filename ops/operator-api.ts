import { AwsClient } from 'aws4fetch';

/** An answer of the operators' routes that is not a success, as its problem details tell it. */
export class OperatorApiError extends Error {
  override readonly name = 'OperatorApiError';
}

/** `https://<id>.execute-api.<region>.amazonaws.com` */
const DEPLOYED = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/;

/** Signs for a deployed stage with the credentials of the environment; the local stack wants no signature. */
const senderFor = (url: string): typeof fetch => {
  const region = DEPLOYED.exec(new URL(url).hostname)?.[1];
  if (!region) return fetch;
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new OperatorApiError(
      'a deployed stage wants AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment',
    );
  }
  const client = new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    service: 'execute-api',
    region,
  });
  return (input, init) => client.fetch(input as string, init);
};

export interface ParkedOrder {
  readonly orderId: string;
  readonly correlationId: string;
  /** RFC 3339, UTC. */
  readonly parkedAt: string;
  readonly state: string;
  readonly error: string;
}

/** The operators' routes of a stage, by its URL. */
export const operatorApi = (url: string) => {
  const send = senderFor(url);
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await send(new URL(path, url).href, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as T & { detail?: string; message?: string };
    if (!response.ok)
      throw new OperatorApiError(answer.detail ?? answer.message ?? `HTTP ${response.status}`);
    return answer;
  };
  return {
    parked: async (): Promise<ParkedOrder[]> =>
      (await call<{ orders: ParkedOrder[] }>('GET', '/ops/orders/parked')).orders,
    /** @param resolutions by the undo's state name, what was settled by hand */
    resume: (orderId: string, resolutions: Readonly<Record<string, { note: string }>>) =>
      call<{ resumed: string }>('POST', `/ops/orders/${encodeURIComponent(orderId)}/resume`, { resolutions }),
  };
};
export type OperatorApi = ReturnType<typeof operatorApi>;
