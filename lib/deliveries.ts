import { ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ARCHIVED_DAYS } from './order-bus.ts';
import { ServiceTable, stringAttribute } from './service-table.ts';
import type { Stage } from './stage.ts';

/** Lambda gives an event to a listener once, and again for each retry. */
export const DELIVERY_RETRIES = 2;

const BY_CORRELATION_ID = 'byCorrelationId';

/** What has become of each event at each listener. */
export class Deliveries extends Construct {
  /** What a function that deals with deliveries is told. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #table: ServiceTable;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.#table = new ServiceTable(this, 'Resource', {
      stage,
      partitionKey: 'orderId',
      sortKey: 'delivery',
      timeToLiveAttribute: 'expiresAt',
    });
    // A client may put all its orders under one id: what is written for it is small, and once a delivery.
    this.#table.addGlobalSecondaryIndex({
      indexName: BY_CORRELATION_ID,
      partitionKey: stringAttribute('correlationId'),
      sortKey: stringAttribute('orderId'),
      projectionType: ProjectionType.KEYS_ONLY,
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

  /** To find those of an order. */
  grantReadOfOrder(grantee: IGrantable): void {
    this.#table.grant(grantee, 'dynamodb:Query');
  }

  /** To find those under a correlation id. */
  grantReadUnderCorrelationId(grantee: IGrantable): void {
    this.#table.grant(grantee, 'dynamodb:BatchGetItem');
    this.#table.grantOnIndex(grantee, BY_CORRELATION_ID, 'dynamodb:Query');
  }
}
