import type { Context } from 'aws-lambda';

/** What the Lambda service hands to a function beside its event, as far as ours look at it. */
export const lambdaContext = {
  functionName: 'function-under-test',
  awsRequestId: 'request-of-lambda',
  getRemainingTimeInMillis: () => 10_000,
} as Context;
