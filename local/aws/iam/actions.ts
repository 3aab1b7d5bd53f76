/**
 * What AWS checks each action against, and which condition keys of its own it offers. A policy that names another kind
 * of resource, or another key, allows nothing, and says so nowhere. A line that differs from the reference, or says
 * more, names its source.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface ActionRule {
  readonly resources: readonly ResourceType[];
  readonly conditionKeys?: readonly string[];
}

/** Resource types by what follows the account in their ARNs. */
const RESOURCE_TYPES = {
  table: /^dynamodb:table\/[^/]+$/,
  index: /^dynamodb:table\/[^/]+\/index\/[^/]+$/,
  // With or without a version or alias: a grant for one is none for the other.
  // https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html
  function: /^lambda:function:[^:]+(:[^:]+)?$/,
  statemachine: /^states:stateMachine:[^:]+$/,
  execution: /^states:execution:[^:]+:[^:]+$/,
  'event-bus': /^events:event-bus\/[^/]+$/,
  archive: /^events:archive\/[^/]+$/,
  replay: /^events:replay\/[^/]+$/,
  queue: /^sqs:[^:]+$/,
  secret: /^secretsmanager:secret:[^:]+$/,
  identity: /^ses:identity\/[^/]+$/,
  'configuration-set': /^ses:configuration-set\/[^/]+$/,
  stack: /^cloudformation:stack\/[^/]+\/[^/]+$/,
} as const;
export type ResourceType = keyof typeof RESOURCE_TYPES;

const QUALIFIER = 'states:StateMachineQualifier';
const on = (...resources: ResourceType[]): ActionRule => ({ resources });

export const ACTIONS: Readonly<Record<string, ActionRule>> = {
  // A transaction needs the action of each of its items, and none of its own:
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
  'dynamodb:GetItem': on('table'),
  'dynamodb:PutItem': on('table'),
  'dynamodb:UpdateItem': on('table'),
  'dynamodb:DeleteItem': on('table'),
  'dynamodb:ConditionCheckItem': on('table'),
  'dynamodb:BatchGetItem': on('table'),
  'dynamodb:BatchWriteItem': on('table'),
  'dynamodb:DescribeTable': on('table'),
  // An index has an ARN of its own:
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-specific-table-indexes.html
  'dynamodb:Query': on('table', 'index'),
  'dynamodb:Scan': on('table', 'index'),
  'lambda:InvokeFunction': on('function'),
  'lambda:GetFunctionConcurrency': on('function'),
  'lambda:PutFunctionConcurrency': on('function'),
  'lambda:DeleteFunctionConcurrency': on('function'),
  // Never a version or an alias, which only the condition key tells.
  // https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
  'states:StartExecution': { resources: ['statemachine'], conditionKeys: [QUALIFIER] },
  'states:ListExecutions': { resources: ['statemachine'], conditionKeys: [QUALIFIER] },
  'states:DescribeExecution': on('execution'),
  'states:GetExecutionHistory': on('execution'),
  'states:StopExecution': on('execution'),
  // The reference names no resource, but Step Functions asks for the machine whose task waits:
  // https://github.com/aws/aws-cdk/pull/8486, https://github.com/NOAA-OWP/hydrovis/issues/837
  'states:SendTaskSuccess': on('statemachine'),
  'states:SendTaskFailure': on('statemachine'),
  'events:PutEvents': on('event-bus'),
  // Each of the three is required.
  'events:StartReplay': on('archive', 'event-bus', 'replay'),
  'events:DescribeReplay': on('replay'),
  'cloudformation:DescribeStacks': on('stack'),
  'secretsmanager:GetSecretValue': on('secret'),
  // Both of what a mail names: a grant for its identity alone is none. https://github.com/aws/aws-cdk/issues/34402
  'ses:SendEmail': {
    resources: ['identity', 'configuration-set'],
    conditionKeys: ['ses:FeedbackAddress', 'ses:FromAddress', 'ses:FromDisplayName', 'ses:Recipients'],
  },
  'sqs:SendMessage': on('queue'),
  'sqs:ReceiveMessage': on('queue'),
  'sqs:DeleteMessage': on('queue'),
  'sqs:GetQueueAttributes': on('queue'),
  'sqs:GetQueueUrl': on('queue'),
  // Each entry of a batch is checked against the action of a single one:
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
  'sqs:ChangeMessageVisibility': on('queue'),
};

/** Whether an ARN, or a pattern of ARNs, is of that type. */
export const isOfType = (arn: string, type: ResourceType): boolean => {
  const [, , service, , , ...rest] = arn.split(':');
  return RESOURCE_TYPES[type].test(`${service}:${rest.join(':')}`);
};

/** A state machine's ARN without version or alias, and the condition key that tells these. */
export const stateMachineOf = (arn: string) => {
  const parts = arn.split(':');
  const [qualifier] = parts.slice(7);
  return {
    machineArn: parts.slice(0, 7).join(':'),
    context: qualifier === undefined ? {} : { [QUALIFIER]: [qualifier] },
  };
};
