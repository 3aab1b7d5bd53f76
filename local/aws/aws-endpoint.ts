import type { Calls } from '../faults/calls.ts';
import type { Gates } from '../faults/gates.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { AwsError, notEmulated } from './aws-error.ts';
import type { CloudFormation } from './cloudformation.ts';
import { jwks } from './cognito/issuer.ts';
import type { LambdaApi } from './lambda/lambda-api.ts';
import type { Ses } from './ses.ts';

type Request = Record<string, unknown>;

/**
 * A service behind the endpoint.
 * @param caller the caller's access key
 */
export type Service = (operation: string, request: Request, caller: string) => Promise<object>;

/** Thrown if a call is to get no answer: its connection ends. */
export const NO_ANSWER = new Error('no answer');

/** @throws AwsError if it is not JSON */
const contentOf = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'the body is not JSON');
  }
};

/** Of AWS's clients only CloudFormation's send forms. */
const FORM = 'application/x-www-form-urlencoded';

const SECRETS = 'secretsmanager';

/** What answers in a provider's place, by the provider's host; undefined if the call is to get no answer. */
export type Doubles = Readonly<Record<string, (request: HttpRequest) => Promise<HttpResponse | undefined>>>;

export interface AwsEndpointProps {
  readonly services: Readonly<Record<string, Service>>;
  readonly lambda: LambdaApi;
  readonly ses: Ses;
  readonly cloudFormation: CloudFormation;
  /** What stands in for providers that are not AWS, by their hosts. */
  readonly doubles: Doubles;
  readonly gates: Gates;
  readonly calls: Calls;
}

/**
 * One address for all services, for the SDK clients of handlers and operators: those of the AWS JSON protocol (1.0 and
 * 1.1) are told apart by `X-Amz-Target`, Lambda and SES by their paths, CloudFormation by its forms.
 */
export const awsEndpoint = ({
  services,
  lambda,
  ses,
  cloudFormation,
  doubles,
  gates,
  calls,
}: AwsEndpointProps) => {
  const serve = async (request: HttpRequest): Promise<HttpResponse> => {
    const { headers, body } = request;
    const double = doubles[headers.host ?? ''];
    if (double) {
      const answered = await double(request);
      if (answered) return answered;
      throw NO_ANSWER;
    }
    const answer = (status: number, content: object): HttpResponse => ({
      status,
      headers: { 'content-type': headers['content-type'] ?? 'application/x-amz-json-1.0' },
      body: JSON.stringify(content),
    });
    const [target = '', operation = ''] = (headers['x-amz-target'] ?? '').split('.');
    const caller = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
    try {
      if (headers['content-type']?.startsWith(FORM))
        return cloudFormation(new URLSearchParams(body.toString()), caller);
      // Where an issuer publishes its keys: `https://cognito-idp.<region>.amazonaws.com/<pool>/.well-known/jwks.json`
      if (request.url.pathname.endsWith('/.well-known/jwks.json')) return answer(200, await jwks());
      const answered = await lambda(request, () => contentOf(body), caller);
      if (answered) return answered;
      const mailed = ses.serve(request, () => contentOf(body), caller);
      if (mailed) return answer(200, mailed);
      const service = Object.hasOwn(services, target) ? services[target] : undefined;
      if (!service) throw notEmulated(`the service ${target || headers.host}`);
      return answer(200, await service(operation, contentOf(body) as Request, caller));
    } catch (error) {
      if (error === NO_ANSWER) throw error;
      if (error instanceof AwsError) return answer(error.status, error.body);
      return answer(500, { __type: 'InternalFailure', message: (error as Error).message });
    }
  };
  /** @returns undefined if the call gets no answer */
  return async (request: HttpRequest): Promise<HttpResponse | undefined> => {
    // A secret is kept for minutes: whether it is asked for is luck, and moves no fault to another call.
    if (request.headers['x-amz-target']?.startsWith(SECRETS)) return serve(request);
    await gates.pass(request.headers['x-amzn-trace-id']);
    return calls
      .serve(request, () => serve(request))
      .catch((error: Error) => {
        if (error === NO_ANSWER) return undefined;
        throw error;
      });
  };
};
