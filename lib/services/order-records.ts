import { ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { ServiceTable, stringAttribute } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';

/** The orders as placed and as ended, who placed them, and the catalogue they are priced by. */
export class OrderRecords extends Construct {
  readonly orders: ServiceTable;
  /** Name, address and means of payment of each order: in this table alone (docs/personal-data.md). */
  readonly personalData: ServiceTable;
  readonly catalogue: ServiceTable;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.orders = new ServiceTable(this, 'Orders', { stage, partitionKey: 'orderId' });
    this.orders.addGlobalSecondaryIndex({
      indexName: 'byCustomer',
      partitionKey: stringAttribute('customerId'),
      sortKey: stringAttribute('placedAt'),
    });
    // Written once per order, as it holds nothing that changes later. In shards: one partition would limit the whole shop.
    this.orders.addGlobalSecondaryIndex({
      indexName: 'byTime',
      partitionKey: stringAttribute('shard'),
      sortKey: stringAttribute('placedAt'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    // An order is in it once it has ended. Those that have ended alike lie together, in order of time.
    this.orders.addGlobalSecondaryIndex({
      indexName: 'byOutcome',
      partitionKey: stringAttribute('outcomeShard'),
      sortKey: stringAttribute('placedAt'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    // Sparse indexes: an order is in one only while it has the attribute.
    this.orders.addGlobalSecondaryIndex({
      indexName: 'open',
      partitionKey: stringAttribute('shard'),
      sortKey: stringAttribute('lookedAt'),
    });
    this.orders.addGlobalSecondaryIndex({
      indexName: 'parked',
      partitionKey: stringAttribute('shard'),
      sortKey: stringAttribute('parkedAt'),
    });
    this.personalData = new ServiceTable(this, 'PersonalData', { stage, partitionKey: 'orderId' });
    this.catalogue = new ServiceTable(this, 'Catalogue', { stage, partitionKey: 'sku' });
  }
}
