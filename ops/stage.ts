import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/**
 * What a deployed stage's stack says of itself.
 * @returns an output by its key. It throws an Error naming the output that is missing
 */
export const outputsOf = async (
  cloudFormation: CloudFormationClient,
  stage: string,
): Promise<(key: string) => string> => {
  const StackName = `order-saga-${stage}`;
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  return (key) => {
    const value = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
    if (!value) throw new Error(`the stack ${StackName} has no output ${key}`);
    return value;
  };
};
