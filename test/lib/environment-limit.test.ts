import { expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { ServiceFunction } from '../../lib/base/service-function.ts';
import { STAGES } from '../../lib/stage.ts';
import { checkEnvironments } from '../../local/aws/lambda/environment-limit.ts';

const [stage] = STAGES as [(typeof STAGES)[0]];

const synthesize = (environment: (stack: Stack) => Record<string, string>) => {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  const stack = new Stack(app, 'S');
  new ServiceFunction(stack, 'PlaceOrder', { stage, environment: environment(stack) });
  return app.synth();
};

it('a function that is told more than Lambda takes is refused by name when it is synthesized', () => {
  expect(() => synthesize(() => ({ SHORT: 'a', LONG: 'a'.repeat(4_096) }))).toThrow(
    /S-PlaceOrder: its environment takes up to \d+ bytes, most of it LONG; Lambda allows 4096/,
  );
  expect(() => synthesize(() => ({ LONG: 'a'.repeat(3_900) }))).not.toThrow();
});

it('what is not known yet counts as long as it may become', () => {
  const arns = (count: number) => (stack: Stack) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `ARN_${at}`,
        stack.formatArn({ service: 'events', resource: 'rule', resourceName: 'x'.repeat(200) }),
      ]),
    );
  expect(() => synthesize(arns(12))).not.toThrow();
  expect(() => synthesize(arns(20))).toThrow('S-PlaceOrder: its environment takes up to');
});

it('the local AWS refuses it as CreateFunction does', () => {
  const functionWith = (bytes: number) => ({
    logicalId: 'F',
    type: 'AWS::Lambda::Function',
    properties: { FunctionName: 'f', Environment: { Variables: { KEY: 'a'.repeat(bytes) } } },
    ref: '',
    arn: '',
    assetPath: undefined,
  });
  expect(() => checkEnvironments([functionWith(4_096 - '{"KEY":""}'.length)])).not.toThrow();
  expect(() => checkEnvironments([functionWith(4_097 - '{"KEY":""}'.length)])).toThrow(
    expect.objectContaining({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('4KB'),
    }),
  );
});
