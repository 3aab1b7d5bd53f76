/** Findings of cdk-nag that are right as they are. */
interface Accepted {
  /** The rule, and which of its findings where it has several. */
  readonly finding: RegExp;
  /** The path of the construct in its stack. */
  readonly at: RegExp;
  readonly why: string;
}

const FUNCTION = /^[^/]+(\/[^/]+)?\/\w+Role\/DefaultPolicy\/Resource$/;
const MACHINE = /^Workflows\/\w+\/StateMachine\/Role\/DefaultPolicy\/Resource$/;
const CUSTOMER_POOL = /^Api\/CustomerPool\/Resource$/;
const DEAD_LETTERS = /^(Listeners|Recovery)\/.*DeadLetters\/Queue\/Resource$/;

/** Each has to be found in every stage that has such a construct: one that is not goes. */
export const ACCEPTED: readonly Accepted[] = [
  {
    finding: /^AwsSolutions-COG2$/,
    at: CUSTOMER_POOL,
    why: 'Whose customers are to show a second factor brings an issuer that asks for it; prod makes no pool.',
  },
  {
    finding: /^AwsSolutions-COG8$/,
    at: CUSTOMER_POOL,
    why: 'The tier that watches for stolen passwords is paid by the user; nobody signs up here by themselves.',
  },
  {
    finding: /^AwsSolutions-APIG4$/,
    at: /^Api\/Customers\/POST--webhooks--payment\/Resource$/,
    why: `The provider can show no token of ours and sign no call of AWS. Its signature is over the body's bytes, which no
      authorizer of an HTTP API is given: the function checks it, and believes nothing that it says.`,
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: FUNCTION,
    why: `Tracing is granted on no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html.
      That nothing else is granted so is held by permissions.test.ts.`,
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: MACHINE,
    why: `Tracing, and the delivery of the workflow's log, which is granted on no resource either:
      https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy`,
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<\w+\.Arn>:\*\]$/,
    at: MACHINE,
    why: 'Every version of its tasks: executions under way call those that they began with.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:.*:execution:.*:\*\]$/,
    at: FUNCTION,
    why: 'An execution is named after its order, so it is known when it is read, and not before.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:.*:replay\/\*\]$/,
    at: /^Operations\/(Start|Get)ReplayRole\/DefaultPolicy\/Resource$/,
    why: 'A replay has its name when it is started.',
  },
  {
    finding: /^(AwsSolutions-SQS3|Serverless-SQSRedrivePolicy)$/,
    at: DEAD_LETTERS,
    why: `It is a dead-letter queue: a rule's, and the destination of what its function fails on. The packs know those of queues
      and of functions only.`,
  },
  {
    finding: /^Serverless-LambdaDLQ$/,
    at: /^(Listeners|Recovery)\//,
    why: `What it fails on goes to a destination, which tells more than a queue of this kind would: the error, and how often it was
      tried. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html`,
  },
  {
    finding: /^Serverless-LambdaDLQ$/,
    at: /^(?!Listeners|Recovery)\w+\/\w+\/Resource$/,
    why: `Whoever calls it waits for the answer: the API, a workflow, another function. Lambda gives a dead-letter queue what was
      called without waiting.`,
  },
  {
    finding: /^Serverless-SNSRedrivePolicy$/,
    at: /^Observability\/Operators\/[^/]+@[^/]+\/Resource$/,
    why: `What could not be mailed to the operators would lie in a queue of which nothing could tell them but a mail. The alarm is
      on the dashboard all the same.`,
  },
];
