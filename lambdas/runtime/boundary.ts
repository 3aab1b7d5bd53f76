import middy from '@middy/core';

/**
 * What every boundary is made of. Middy would end an invocation 5 ms before its time as a `TimeoutError` of its own, and
 * leave its handler to run on inside the next one: a function is ended by Lambda alone, whose `Sandbox.Timedout` workflows
 * retry, and which starts the next invocation afresh.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export const boundary = <Event = unknown, Result = unknown>() =>
  middy<Event, Result>({ timeoutEarlyInMillis: 0 });
