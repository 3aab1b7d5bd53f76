import { Stack } from 'aws-cdk-lib';
import { LogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allOf } from '../base/all-of.ts';
import type { OrderWorkflows } from '../workflow/order-workflow.ts';

/**
 * Questions that come up again and again, as saved queries of CloudWatch Logs Insights. Made last, as they cover every
 * log in the stack.
 */
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
        // A workflow's own log holds no execution data: there an order is known by the execution's name.
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
        // A state that waits for an operator is not a slow one.
        filterStatements: [
          'type in ["TaskStateEntered", "TaskStateExited"]',
          'details.name not like /^Park/',
        ],
        // From entering the state to leaving it, with all attempts and the pauses between them.
        statsStatements: [
          'max(@timestamp) - min(@timestamp) as ms by execution_arn, details.name as step',
          'count(*) as times, pct(ms, 50) as p50, pct(ms, 99) as p99, max(ms) as longest by step',
        ],
        sort: 'p99 desc',
      }),
    });
  }
}
