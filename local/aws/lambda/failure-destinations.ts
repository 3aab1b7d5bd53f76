import type { Resource } from '../../template.ts';
import { AwsError } from '../aws-error.ts';
import type { Permissions } from '../iam/permissions.ts';

/**
 * Checks that each function may write what it fails on to the destination that the template gives it.
 * @param roleOf a function's role, by its name
 * @throws AwsError InvalidParameterValueException, as PutFunctionEventInvokeConfig refuses it
 */
export const checkFailureDestinations = (
  resources: readonly Resource[],
  permissions: Permissions,
  roleOf: (functionName: string) => string | undefined,
): void => {
  for (const { properties } of resources.filter(({ type }) => type === 'AWS::Lambda::EventInvokeConfig')) {
    const { FunctionName, DestinationConfig } = properties as {
      FunctionName: string;
      DestinationConfig?: { OnFailure?: { Destination: string } };
    };
    const destination = DestinationConfig?.OnFailure?.Destination;
    if (destination === undefined) continue;
    try {
      permissions.check(roleOf(FunctionName) ?? '', 'sqs:SendMessage', destination);
    } catch (error) {
      throw new AwsError(
        'InvalidParameterValueException',
        `The destination ARN ${destination} is invalid: ${(error as Error).message}`,
      );
    }
  }
};
