import { AwsClient } from 'aws4fetch';

const {
  AWS_ENDPOINT_URL = '',
  AWS_ACCESS_KEY_ID: accessKeyId = '',
  AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
} = process.env;

/** What an account has of each kind: the service, and its operation, as the JSON protocol has them. */
const LISTS = {
  tables: ['dynamodb', 'DynamoDB_20120810.ListTables'],
  workflows: ['states', 'AWSStepFunctions.ListStateMachines'],
  buses: ['events', 'AWSEvents.ListEventBuses'],
  rules: ['events', 'AWSEvents.ListRules'],
  archives: ['events', 'AWSEvents.ListArchives'],
  queues: ['sqs', 'AmazonSQS.ListQueues'],
  logGroups: ['logs', 'Logs_20140328.DescribeLogGroups'],
  functions: ['lambda', ''],
} as const;
type Kind = keyof typeof LISTS;

const listed = async (kind: Kind): Promise<string> => {
  const [service, target] = LISTS[kind];
  const aws = new AwsClient({ accessKeyId, secretAccessKey, service, region: 'us-east-1' });
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
  const response = target
    ? await aws.fetch(AWS_ENDPOINT_URL, { method: 'POST', headers, body: '{}' })
    : await aws.fetch(`${AWS_ENDPOINT_URL}/2015-03-31/functions?MaxItems=1000`);
  if (!response.ok) throw new Error(`${kind}: ${response.status} ${await response.text()}`);
  return response.text();
};

/** What there is of a stage, by its kind: the names that begin with its stack's, as all of ours do. */
export const leftOf = async (stage: string): Promise<Readonly<Partial<Record<Kind, string[]>>>> => {
  const kinds = await Promise.all(
    (Object.keys(LISTS) as Kind[]).map(async (kind) => {
      const names = (await listed(kind)).match(new RegExp(`order-saga-${stage}-[\\w-]+`, 'g')) ?? [];
      return [kind, [...new Set(names)].sort()] as const;
    }),
  );
  return Object.fromEntries(kinds.filter(([, names]) => names.length > 0));
};
