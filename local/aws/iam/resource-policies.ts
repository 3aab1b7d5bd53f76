import { ACCOUNT, REGION, type Resource } from '../../template.ts';
import { type ConditionBlock, conditionOf, isLike } from './policy-condition.ts';

/** An act of an AWS service, on behalf of one resource of the template and on another. */
interface Act {
  /** The logical id of the resource on whose behalf it acts. */
  readonly by: string;
  readonly service: string;
  readonly action: string;
  /** The ARN of the resource acted on. */
  readonly on: string;
  /** The ARN of the resource on whose behalf it acts. */
  readonly source: string;
}

type Policy = (act: Act) => boolean;

const all = <Properties>(resources: readonly Resource[], type: string) =>
  resources
    .filter((resource) => resource.type === type)
    .map(({ logicalId, arn, properties }) => ({ logicalId, arn, ...(properties as Properties) }));

/**
 * Rules invoke functions, and put what they cannot deliver into queues; routes invoke functions. None has a role for
 * it.
 */
const actsIn = (resources: readonly Resource[]): Act[] => {
  const rules = all<{ Targets: readonly { Arn: string; DeadLetterConfig?: { Arn: string } }[] }>(
    resources,
    'AWS::Events::Rule',
  );
  const integrations = new Map(
    all<{ IntegrationUri: string }>(resources, 'AWS::ApiGatewayV2::Integration').map(
      ({ logicalId, IntegrationUri }) => [`integrations/${logicalId}`, IntegrationUri],
    ),
  );
  const routes = all<{ ApiId: string; RouteKey: string; Target: string }>(
    resources,
    'AWS::ApiGatewayV2::Route',
  );
  const invoke = 'lambda:InvokeFunction';
  return [
    ...rules.flatMap(({ logicalId: by, arn: source, Targets }) =>
      Targets.flatMap(({ Arn, DeadLetterConfig: letters }) => {
        const rule = { by, service: 'events.amazonaws.com', source };
        const left = letters ? [{ ...rule, action: 'sqs:SendMessage', on: letters.Arn }] : [];
        return [{ ...rule, action: invoke, on: Arn }, ...left];
      }),
    ),
    ...routes.map(({ logicalId: by, ApiId, RouteKey, Target }) => ({
      by,
      service: 'apigateway.amazonaws.com',
      action: invoke,
      on: integrations.get(Target) ?? '',
      source: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${ApiId}/$default/${RouteKey.replace(' ', '')}`,
    })),
  ];
};

const functionPolicies = (resources: readonly Resource[]): Policy[] =>
  all<{ FunctionName: string; Principal: string; Action: string; SourceArn?: string }>(
    resources,
    'AWS::Lambda::Permission',
  ).map(
    ({ FunctionName, Principal, Action, SourceArn = '*' }) =>
      ({ service, action, on, source }) =>
        (on === FunctionName || on.endsWith(`:function:${FunctionName}`)) &&
        service === Principal &&
        action === Action &&
        isLike(source, SourceArn),
  );

interface Statement {
  readonly Effect: string;
  readonly Principal: { readonly Service?: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: ConditionBlock;
}

/** What the queues' policies allow. They deny only what comes without TLS, as nothing from an AWS service does. */
const queuePolicies = (resources: readonly Resource[]): Policy[] =>
  all<{ PolicyDocument: { Statement: readonly Statement[] } }>(resources, 'AWS::SQS::QueuePolicy')
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Principal, Action, Resource, Condition = {} }) => {
      const holds = conditionOf(Condition);
      return ({ service, action, on, source }) =>
        Principal.Service === service &&
        isLike(action, Action) &&
        isLike(on, Resource) &&
        holds({ 'aws:SourceArn': [source], 'aws:SourceAccount': [ACCOUNT] });
    });

/**
 * Checks that the policies of functions and queues let in the rules and routes that need it. On AWS an event that is
 * not let in is lost, and a request answered with 500, only when it comes:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 * @throws Error naming the rule or the route, and what it may not do
 */
export const checkResourcePolicies = (resources: readonly Resource[]): void => {
  const policies = [...functionPolicies(resources), ...queuePolicies(resources)];
  for (const act of actsIn(resources)) {
    if (!policies.some((allows) => allows(act)))
      throw new Error(`${act.by}: ${act.service} may not ${act.action} on ${act.on} for ${act.source}`);
  }
};
