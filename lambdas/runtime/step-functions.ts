import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';

/**
 * One client per function instance, kept between invocations. It fails fast, as somebody waits for the API's answer.
 */
export const stepFunctions = new SFNClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
});

/**
 * Ends the wait of a workflow.
 * @returns false if the workflow no longer waits. If the SDK has retried, its own first attempt may have ended the wait:
 *   that counts
 */
export const wake = async (taskToken: string, output: object): Promise<boolean> => {
  try {
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
    return true;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { attempts?: number } };
    if (['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'].includes(name))
      return name === 'TaskTimedOut' && ($metadata?.attempts ?? 1) > 1;
    throw error;
  }
};
