import type { HttpRequest, HttpResponse } from './api-gateway.ts';
import { AwsError, notEmulated } from './aws-error.ts';
import type { Gates } from './gates.ts';

type Request = Record<string, unknown>;

/** A service behind the endpoint. @param caller the access key of whoever calls */
export type Service = (operation: string, request: Request, caller: string) => Promise<object>;

/**
 * The AWS JSON protocol (1.0 and 1.1), for the SDK clients of handlers and operators: one address for all services,
 * which `X-Amz-Target` tells apart.
 */
export const awsEndpoint =
  (services: Readonly<Record<string, Service>>, gates: Gates) =>
  async ({ headers, body }: HttpRequest): Promise<HttpResponse> => {
    const answer = (status: number, content: object): HttpResponse => ({
      status,
      headers: { 'content-type': headers['content-type'] ?? 'application/x-amz-json-1.0' },
      body: JSON.stringify(content),
    });
    const [target = '', operation = ''] = (headers['x-amz-target'] ?? '').split('.');
    const caller = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
    await gates.pass(headers['x-amzn-trace-id']);
    try {
      const service = services[target];
      if (!service) throw notEmulated(`the service ${target || headers.host}`);
      return answer(200, await service(operation, JSON.parse(body || '{}') as Request, caller));
    } catch (error) {
      if (error instanceof AwsError) return answer(error.status, error.body);
      return answer(500, { __type: 'InternalFailure', message: (error as Error).message });
    }
  };
