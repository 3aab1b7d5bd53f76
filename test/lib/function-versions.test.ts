import { expect, it } from '@jest/globals';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ServiceFunction } from '../../lib/base/service-function.ts';
import { ServiceTable, type ServiceTableProps, stringAttribute } from '../../lib/base/service-table.ts';
import { STAGES } from '../../lib/stage.ts';

const [stage] = STAGES as [(typeof STAGES)[0]];

interface Props {
  readonly table?: Partial<ServiceTableProps>;
  readonly index?: string;
  readonly busName?: string;
}

/** The logical id of the version of a function that is told of a table and a bus. */
const versionWith = (
  { table: props, index, busName = 'bus' }: Props,
  more: (stack: Stack) => string = () => '',
) => {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  const stack = new Stack(app, 'S');
  const table = new ServiceTable(stack, 'Table', { stage, partitionKey: 'orderId', ...props });
  if (index) table.addGlobalSecondaryIndex({ indexName: index, partitionKey: stringAttribute('orderId') });
  const bus = new EventBus(stack, 'Bus', { eventBusName: busName });
  const environment = { TABLE: table.tableName, BUS: bus.eventBusName, MORE: more(stack) };
  const charge = new ServiceFunction(stack, 'ChargePayment', { stage, environment });
  new CfnOutput(stack, 'Version', { value: charge.currentVersion.functionArn });
  const { template } = app.synth().getStackByName('S');
  return template.Outputs.Version.Value.Ref as string;
};
const version = versionWith({});

it.each([
  ['its partition key', { table: { partitionKey: 'sku' } }],
  ['its sort key', { table: { sortKey: 'at' } }],
  ['the name of its bus', { busName: 'another' }],
])('a function has another version where %s is another: what it names is replaced', (_, props) => {
  expect(versionWith(props)).not.toBe(version);
});

it.each([
  ['nothing is another', {}],
  ['its table forgets', { table: { timeToLiveAttribute: 'expiresAt' } }],
  ['its table is found by an index more', { index: 'again' }],
])('a function has the same version where %s', (_, props) => {
  expect(versionWith(props)).toBe(version);
});

it('a function of the workflow cannot be told of what nobody knows when it is replaced', () => {
  const topic = (stack: Stack) => new Topic(stack, 'Topic').topicArn;
  expect(() => versionWith({}, topic)).toThrow(
    'S/Topic/Resource: it is not known which changes replace AWS::SNS::Topic',
  );
});
