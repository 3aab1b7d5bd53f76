import { ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ServiceTable, stringAttribute } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';
import { ARCHIVED_DAYS } from './order-bus.ts';

/** Lambda gives an event to a listener once, and again for each retry. */
export const DELIVERY_RETRIES = 2;

const BY_CORRELATION_ID = 'byCorrelationId';

/** The record of what has become of each event at each listener. */
export class Deliveries extends Construct {
  /** The environment of a function that deals with deliveries. */
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
    // A client may put all its orders under one id, and so into one partition: little is written there, once a delivery.
    this.#table.addGlobalSecondaryIndex({
      indexName: BY_CORRELATION_ID,
      partitionKey: stringAttribute('correlationId'),
      sortKey: stringAttribute('orderId'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.environment = {
      DELIVERIES_TABLE: this.#table.tableName,
      // Longer than the archive keeps events: a replay of the oldest one still finds that it was dealt with.
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
