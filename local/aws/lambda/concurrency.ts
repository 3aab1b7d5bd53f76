import { AwsError, notEmulated } from '../aws-error.ts';

/** The function's ARN, of it or of a version: concurrency is reserved for the function. */
const unqualified = (functionArn: string): string => functionArn.split(':').slice(0, 7).join(':');

/**
 * As much of Lambda's reserved concurrency as stops a function: none at all, which holds for each of its versions.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export const concurrency = () => {
  const stopped = new Set<string>();
  return {
    /** PutFunctionConcurrency. @throws AwsError if it is more than none */
    put: (functionArn: string, instances: unknown): object => {
      if (!Number.isInteger(instances) || Number(instances) < 0)
        throw new AwsError(
          'InvalidParameterValueException',
          `ReservedConcurrentExecutions: ${instances} is not a whole number of 0 or more`,
        );
      if (instances !== 0) throw notEmulated('reserved concurrency other than 0');
      stopped.add(functionArn);
      return { ReservedConcurrentExecutions: 0 };
    },
    /** GetFunctionConcurrency: empty if nothing is reserved. */
    get: (functionArn: string): object =>
      stopped.has(functionArn) ? { ReservedConcurrentExecutions: 0 } : {},
    /** DeleteFunctionConcurrency. */
    delete: (functionArn: string): void => {
      stopped.delete(functionArn);
    },
    isStopped: (functionArn: string): boolean => stopped.has(unqualified(functionArn)),
    /**
     * @throws AwsError TooManyRequestsException if the function is stopped, as Lambda throttles a synchronous
     *   invocation
     */
    check: (functionArn: string): void => {
      if (!stopped.has(unqualified(functionArn))) return;
      const Reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', { Reason, Type: 'User' }, 429);
    },
  };
};
export type Concurrency = ReturnType<typeof concurrency>;
