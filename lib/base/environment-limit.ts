import type { Stack } from 'aws-cdk-lib';

/** All of a function's environment, as Lambda counts it: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LIMIT_BYTES = 4_096;

/** What CloudFormation puts in the place of a reference is not known here. A name or an ARN is at most this long. */
const REFERENCE = 'x'.repeat(256);
/** `AWS::Region`, `AWS::AccountId` and the like. */
const PSEUDO = 'x'.repeat(16);

/** The resolved value, each reference replaced by a text as long as the longest that may come there. */
const asLongAs = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) return Ref.startsWith('AWS::') ? PSEUDO : REFERENCE;
  return join ? join[1].map(asLongAs).join(join[0]) : REFERENCE;
};

/** Lambda bounds a function's environment. @returns why it would refuse this one; undefined where it would not */
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
