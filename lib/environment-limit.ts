import type { Stack } from 'aws-cdk-lib';

/** All of a function's environment, as Lambda counts it: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LIMIT_BYTES = 4_096;

/** What CloudFormation puts in a reference's place is known to it alone: so long a name or an ARN is at most. */
const REFERENCE = 'x'.repeat(256);
/** `AWS::Region`, `AWS::AccountId` and the like. */
const PSEUDO = 'x'.repeat(16);

/** The resolved value with something in the place of each reference that is as long as what may come there. */
const asLongAs = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) return Ref.startsWith('AWS::') ? PSEUDO : REFERENCE;
  return join ? join[1].map(asLongAs).join(join[0]) : REFERENCE;
};

/** Why Lambda would refuse the environment of a function, where it would: what the function may be told is bounded. */
export const environmentProblems = (
  stack: Stack,
  functionName: string,
  environment: Readonly<Record<string, string>>,
): string[] => {
  const variables = Object.entries(environment).map(([key, value]) => [key, asLongAs(stack.resolve(value))]);
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(variables)));
  if (bytes <= LIMIT_BYTES) return [];
  const [longest] = variables.sort(([, a = ''], [, b = '']) => b.length - a.length);
  return [
    `${functionName}: its environment takes up to ${bytes} bytes, most of it ${longest?.[0]}; Lambda allows ${LIMIT_BYTES}`,
  ];
};
