import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ARCHIVED_DAYS } from './order-bus.ts';
import { ServiceTable } from './service-table.ts';
import type { Stage } from './stage.ts';

/** Lambda gives an event to a listener once, and again for each retry. */
export const DELIVERY_RETRIES = 2;

/** What has become of each event at each listener. */
export class Deliveries extends Construct {
  /** What a function that deals with deliveries is told. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #table: ServiceTable;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.#table = new ServiceTable(this, 'Resource', {
      stage,
      partitionKey: 'correlationId',
      sortKey: 'delivery',
      timeToLiveAttribute: 'expiresAt',
    });
    this.environment = {
      DELIVERIES_TABLE: this.#table.tableName,
      // Whoever replays the oldest event of the archive finds that it is done.
      REMEMBERED_DAYS: `${ARCHIVED_DAYS + 10}`,
      DELIVERY_ATTEMPTS: `${1 + DELIVERY_RETRIES}`,
    };
  }

  /** To claim and to record deliveries. */
  grantRecord(grantee: IGrantable): void {
    this.#table.grant(grantee, 'dynamodb:UpdateItem');
  }

  grantRead(grantee: IGrantable): void {
    this.#table.grant(grantee, 'dynamodb:Query');
  }
}
