import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Every construct of a kind in the stack so far: whoever adds one need not say so twice. */
export const allOf = <Kind extends IConstruct>(
  scope: IConstruct,
  kind: abstract new (...args: never[]) => Kind,
): Kind[] =>
  Stack.of(scope)
    .node.findAll()
    .filter((each): each is Kind => each instanceof kind);
