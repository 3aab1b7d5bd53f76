import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Every construct of one kind that is in the stack so far, so that no list of them has to be kept by hand. */
export const allOf = <Kind extends IConstruct>(
  scope: IConstruct,
  kind: abstract new (...args: never[]) => Kind,
): Kind[] =>
  Stack.of(scope)
    .node.findAll()
    .filter((each): each is Kind => each instanceof kind);
