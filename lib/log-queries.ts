import { Stack } from 'aws-cdk-lib';
import { LogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allOf } from './all-of.ts';
import type { OrderWorkflows } from './order-workflow.ts';

/** Questions that are asked again and again, ready in CloudWatch Logs Insights. Made last: over every log there is. */
export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, { workflows }: { workflows: OrderWorkflows }) {
    super(scope, id);
    const { stackName } = Stack.of(this);

    new QueryDefinition(this, 'OneCorrelationId', {
      queryDefinitionName: `${stackName}/one correlation id`,
      logGroups: allOf(this, LogGroup),
      queryString: new QueryString({
        fields: [
          '@timestamp',
          'coalesce(service, type, routeKey) as who',
          'level',
          'message',
          'error',
          'reason',
          '@message',
        ],
        // A workflow's own log holds no data of the order: there the order is the execution's name.
        filterStatements: [
          'correlationId = "CORRELATION_ID" or requestId = "CORRELATION_ID" or execution_arn like "ORDER_ID"',
        ],
        sort: '@timestamp asc',
        limit: 1_000,
      }),
    });

    new QueryDefinition(this, 'SlowestSteps', {
      queryDefinitionName: `${stackName}/slowest steps`,
      logGroups: workflows.all.map(({ logs }) => logs),
      queryString: new QueryString({
        // A state that waits for an operator is not slow.
        filterStatements: [
          'type in ["TaskStateEntered", "TaskStateExited"]',
          'details.name not like /^Park/',
        ],
        // With all its attempts and the pauses between them: from when it is entered to when it is left.
        statsStatements: [
          'max(@timestamp) - min(@timestamp) as ms by execution_arn, details.name as step',
          'count(*) as times, pct(ms, 50) as p50, pct(ms, 99) as p99, max(ms) as longest by step',
        ],
        sort: 'p99 desc',
      }),
    });
  }
}
