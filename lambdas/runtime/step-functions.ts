import { SFNClient } from '@aws-sdk/client-sfn';

/**
 * One client per function instance, kept between invocations. It fails fast, as somebody waits for the API's answer.
 */
export const stepFunctions = new SFNClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
});
