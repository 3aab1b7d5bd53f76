import type { HttpRequest, HttpResponse } from '../../http.ts';
import { AwsError, notEmulated } from '../aws-error.ts';
import type { Concurrency } from './concurrency.ts';
import type { Functions, InvocationResult } from './functions.ts';

export interface LambdaApiProps {
  readonly functions: () => Functions;
  readonly concurrency: Concurrency;
  /** @throws AwsError */
  readonly authorize: (caller: string, action: string, functionArn: string) => void;
  /** @throws AwsError */
  readonly invoke: (functionArn: string, event: unknown, caller: string) => Promise<InvocationResult>;
  /** An invocation without a caller that waits. @throws AwsError */
  readonly invokeAsync: (functionArn: string, event: unknown) => void;
}

const INVOCATIONS = /^\/2015-03-31\/functions\/(?<name>[^/]+)\/invocations$/;
/** Two dates, as the call that reads it came later. */
const CONCURRENCY = /^\/20(17-10-31|19-09-30)\/functions\/(?<name>[^/]+)\/concurrency$/;

/** An error of Lambda itself, and not of the function. */
const REFUSED_BY_LAMBDA = /^Lambda\.(?<type>.+)$/;
const STATUS: Readonly<Record<string, number>> = {
  AWSLambdaException: 403,
  ServiceException: 500,
  TooManyRequestsException: 429,
};

const answer = (status: number, content?: unknown): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: content === undefined ? '' : JSON.stringify(content),
});

/** Lambda's API, which is known by its paths. */
export const lambdaApi = ({ functions, concurrency, authorize, invoke, invokeAsync }: LambdaApiProps) => {
  const invocation = async ({ headers, url }: HttpRequest, name: string, event: unknown, caller: string) => {
    const functionArn = functions().arnOf([name, url.searchParams.get('Qualifier') ?? []].flat().join(':'));
    authorize(caller, 'lambda:InvokeFunction', functionArn);
    if (headers['x-amz-invocation-type'] === 'Event') {
      invokeAsync(functionArn, event);
      return answer(202, {});
    }
    const { result, error } = await invoke(functionArn, event, caller);
    // An error of Lambda itself is not an answer of the function: an SDK may retry.
    const type = REFUSED_BY_LAMBDA.exec(error?.errorType ?? '')?.groups?.type;
    if (type) throw new AwsError(type, error?.errorMessage ?? '', {}, STATUS[type]);
    const { headers: ours, ...rest } = answer(200, error ?? result ?? null);
    return { ...rest, headers: error ? { ...ours, 'x-amz-function-error': 'Unhandled' } : ours };
  };

  const reserved = (method: string, name: string, content: unknown, caller: string): HttpResponse => {
    const functionArn = functions().arnOf(name);
    const allowed = (verb: string) => authorize(caller, `lambda:${verb}FunctionConcurrency`, functionArn);
    if (!functions().has(functionArn))
      throw new AwsError('ResourceNotFoundException', `Function not found: ${functionArn}`, {}, 404);
    switch (method) {
      case 'PUT': {
        allowed('Put');
        const { ReservedConcurrentExecutions } = content as { ReservedConcurrentExecutions?: unknown };
        return answer(200, concurrency.put(functionArn, ReservedConcurrentExecutions));
      }
      case 'GET':
        allowed('Get');
        return answer(200, concurrency.get(functionArn));
      case 'DELETE':
        allowed('Delete');
        concurrency.delete(functionArn);
        return answer(204);
      default:
        throw notEmulated(`${method} of a function's concurrency`);
    }
  };

  /**
   * @param content parses the body
   * @returns undefined if the path is not one of Lambda's
   * @throws AwsError
   */
  return async (request: HttpRequest, content: () => unknown, caller: string) => {
    const { pathname } = request.url;
    const invoked = INVOCATIONS.exec(pathname)?.groups?.name;
    if (invoked) return invocation(request, decodeURIComponent(invoked), content(), caller);
    const limited = CONCURRENCY.exec(pathname)?.groups?.name;
    if (limited) return reserved(request.method, decodeURIComponent(limited), content(), caller);
    return undefined;
  };
};
export type LambdaApi = ReturnType<typeof lambdaApi>;
