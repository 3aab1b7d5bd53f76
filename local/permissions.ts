import { AwsError } from './aws-error.ts';
import type { Resource } from './template.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const list = <T>(oneOrMore: T | readonly T[]): readonly T[] =>
  Array.isArray(oneOrMore) ? oneOrMore : [oneOrMore as T];

const matches = (pattern: string, value: string) =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(value);

/**
 * What the template's roles may do, so that a forgotten grant fails on the laptop as it would on AWS.
 * Only Allow statements on actions and resources: a Deny or a Condition in our policies is an error at start.
 */
export const permissions = (resources: readonly Resource[]) => {
  const byRole = new Map<string, Statement[]>();
  for (const { logicalId, properties } of resources.filter(({ type }) => type === 'AWS::IAM::Policy')) {
    const { Statement: statements } = properties.PolicyDocument as {
      Statement: (Statement & { Condition?: unknown })[];
    };
    if (statements.some(({ Effect, Condition }) => Effect !== 'Allow' || Condition)) {
      throw new Error(`${logicalId}: a Deny or a Condition is not emulated locally`);
    }
    for (const role of properties.Roles as string[])
      byRole.set(role, [...(byRole.get(role) ?? []), ...statements]);
  }

  const asked = new Map<string, boolean>();
  const isAllowed = (role: string, action: string, resource: string): boolean =>
    (byRole.get(role) ?? []).some(
      ({ Action, Resource }) =>
        list(Action).some((pattern) => matches(pattern, action)) &&
        list(Resource).some((pattern) => matches(pattern, resource)),
    );

  return {
    /** @throws AwsError AccessDeniedException naming the role, the action and the resource */
    check: (role: string, action: string, resource: string): void => {
      const question = `${role} ${action} ${resource}`;
      if (!asked.has(question)) asked.set(question, isAllowed(role, action, resource));
      if (asked.get(question)) return;
      throw new AwsError(
        'AccessDeniedException',
        `${role} is not authorized to perform ${action} on ${resource}`,
      );
    },
  };
};
export type Permissions = ReturnType<typeof permissions>;
