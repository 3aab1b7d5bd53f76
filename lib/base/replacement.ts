import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';

/** The logical ids that a resolved value refers to. */
const referredTo = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute } = value as {
    Ref?: string;
    'Fn::GetAtt'?: readonly [string, string];
  };
  if (Ref !== undefined) return Ref.startsWith('AWS::') ? [] : [Ref];
  if (attribute) return [attribute[0]];
  return Object.values(value).flatMap(referredTo);
};

/**
 * The properties of a resource that CloudFormation cannot change without replacing the resource ("Update requires:
 * Replacement" in its reference).
 * @throws Error for a type whose properties are not known here
 */
const irreplaceable = (resource: CfnResource): object => {
  if (resource instanceof CfnTable) {
    const { tableName, keySchema, localSecondaryIndexes, attributeDefinitions } = resource;
    const stack = Stack.of(resource);
    const keys = (stack.resolve(keySchema) as { attributeName: string }[]).map((key) => key.attributeName);
    // The type of a key attribute. (The type of an index's key belongs to the index.)
    const types = (stack.resolve(attributeDefinitions) as { attributeName: string }[]).filter(
      ({ attributeName }) => keys.includes(attributeName),
    );
    return { tableName, keySchema, localSecondaryIndexes, types };
  }
  if (resource instanceof CfnEventBus) return { name: resource.name };
  throw new Error(
    `${resource.node.path}: it is not known which changes replace ${resource.cfnResourceType}; say so in lib/base/replacement.ts`,
  );
};

/**
 * A text that changes when a resource that the value refers to is replaced, and only then. The reference itself stays the
 * same while it comes to mean another resource.
 */
export const replacementsOf = (stack: Stack, value: unknown): string => {
  const ids = new Set(referredTo(stack.resolve(value)));
  const resources = stack.node
    .findAll()
    .filter(CfnResource.isCfnResource)
    .filter((resource) => ids.has(stack.resolve(resource.logicalId)));
  return JSON.stringify(resources.map((each) => [each.node.path, stack.resolve(irreplaceable(each))]));
};
