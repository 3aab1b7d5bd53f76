import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const WAITS_MS = 4_000;

const lambda = new LambdaClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: WAITS_MS, throwOnRequestTimeout: true },
});

/** Another service's function failed, or could not be asked. */
export class ServiceCallError extends Error {
  override readonly name = 'ServiceCallError';
  constructor(functionName: string, answer: string) {
    super(`${functionName} failed: ${answer}`);
  }
}

/**
 * Asks another service's function and waits for the answer.
 * @param waitsMs how long it waits, in each of two attempts
 * @throws ServiceCallError where the function fails
 */
export const invoke = async (functionName: string, input: object, waitsMs = WAITS_MS): Promise<unknown> => {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(input) }),
    { requestTimeout: waitsMs },
  );
  const answer = Payload?.transformToString() ?? 'null';
  if (FunctionError) throw new ServiceCallError(functionName, answer);
  return JSON.parse(answer);
};

/**
 * Hands an event to a function without waiting. Lambda retries it, and keeps it as a dead letter if it fails for good.
 */
export const invokeLater = async (functionName: string, event: unknown): Promise<void> => {
  await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    }),
  );
};
