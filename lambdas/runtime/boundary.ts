import middy from '@middy/core';

/**
 * Middy as every boundary uses it. By default it would end an invocation 5 ms early with a `TimeoutError` of its own, and
 * the handler would run on inside the next invocation. Here Lambda alone ends a function: workflows retry its
 * `Sandbox.Timedout`, and it starts the next invocation in a fresh process.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export const boundary = <Event = unknown, Result = unknown>() =>
  middy<Event, Result>({ timeoutEarlyInMillis: 0 });
