import { SFNClient } from '@aws-sdk/client-sfn';

/** One client a function, kept between invocations. An API caller waits behind it: fail fast. */
export const stepFunctions = new SFNClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
});
