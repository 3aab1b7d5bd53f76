import type { Resource } from '../../template.ts';
import { AwsError } from '../aws-error.ts';
import { ACTIONS, isOfType } from './actions.ts';
import { type ConditionBlock, type Context, conditionOf, isLike } from './policy-condition.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: ConditionBlock;
}

type Grant = (action: string, resource: string, context: Context) => boolean;

const KNOWN = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

const grantOf = (statement: Statement): Grant => {
  const unknown = Object.keys(statement).filter((element) => !KNOWN.includes(element));
  if (statement.Effect !== 'Allow') unknown.push(statement.Effect);
  const actions = [statement.Action].flat();
  const resources = [statement.Resource].flat();
  // What looks like a policy variable is one: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  unknown.push(...(JSON.stringify(statement).match(/\$\{[^}]*\}/g) ?? []));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')} of a policy is not emulated locally`);
  const holds = conditionOf(statement.Condition ?? {});
  return (action, resource, context) =>
    actions.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase())) &&
    resources.some((pattern) => isLike(resource, pattern)) &&
    holds(context);
};

/**
 * What the template's roles may do, so that a grant that is missing, or that AWS would not understand, fails on the
 * laptop as it would on AWS.
 * @throws Error naming the policy and what in it is not emulated: a Deny, a variable, a condition's operator
 */
export const permissions = (resources: readonly Resource[]) => {
  const byRole = new Map<string, Grant[]>();
  for (const { logicalId, properties } of resources.filter(({ type }) => type === 'AWS::IAM::Policy')) {
    const { PolicyDocument, Roles } = properties as {
      PolicyDocument: { Statement: readonly Statement[] };
      Roles: readonly string[];
    };
    try {
      const grants = PolicyDocument.Statement.map(grantOf);
      for (const role of Roles) byRole.set(role, [...(byRole.get(role) ?? []), ...grants]);
    } catch (error) {
      throw new Error(`${logicalId}: ${(error as Error).message}`);
    }
  }

  const asked = new Map<string, boolean>();
  const isAllowed = (role: string, action: string, resource: string, context: Context): boolean =>
    (byRole.get(role) ?? []).some((grants) => grants(action, resource, context));

  return {
    /**
     * @param context the request's values, by the action's condition keys
     * @throws AwsError AccessDeniedException naming the role, the action and the resource
     * @throws Error if AWS would not ask like this: `ACTIONS` has no such action, or not on such a resource
     */
    check: (role: string, action: string, resource: string, context: Context = {}): void => {
      const rule = ACTIONS[action];
      if (!rule?.resources.some((type) => isOfType(resource, type)))
        throw new Error(`${action} is not asked for on ${resource}`);
      const question = JSON.stringify([role, action, resource, context]);
      if (!asked.has(question)) asked.set(question, isAllowed(role, action, resource, context));
      if (asked.get(question)) return;
      throw new AwsError(
        'AccessDeniedException',
        `${role} is not authorized to perform ${action} on ${resource}`,
      );
    },
  };
};
export type Permissions = ReturnType<typeof permissions>;
