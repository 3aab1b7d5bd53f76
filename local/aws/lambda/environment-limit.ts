import type { Resource } from '../../template.ts';
import { AwsError } from '../aws-error.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LIMIT_BYTES = 4_096;

/** @throws AwsError InvalidParameterValueException naming the function, as CreateFunction refuses it */
export const checkEnvironments = (resources: readonly Resource[]): void => {
  for (const { properties } of resources.filter(({ type }) => type === 'AWS::Lambda::Function')) {
    const { FunctionName, Environment } = properties as {
      FunctionName: string;
      Environment?: { Variables?: object };
    };
    const measured = JSON.stringify(Environment?.Variables ?? {});
    if (Buffer.byteLength(measured) > LIMIT_BYTES)
      throw new AwsError(
        'InvalidParameterValueException',
        `${FunctionName}: Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
      );
  }
};
