import { Construct } from 'constructs';
import { ServiceTable, stringAttribute } from './service-table.ts';
import type { Stage } from './stage.ts';

/** The orders as placed and as ended, and the catalogue they are priced by. */
export class OrderRecords extends Construct {
  readonly orders: ServiceTable;
  readonly catalogue: ServiceTable;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.orders = new ServiceTable(this, 'Orders', { stage, partitionKey: 'orderId' });
    this.orders.addGlobalSecondaryIndex({
      indexName: 'byCustomer',
      partitionKey: stringAttribute('customerId'),
      sortKey: stringAttribute('placedAt'),
    });
    // Sparse: an order is in them only while it has the attribute. Few at a time, so they are scanned.
    for (const [indexName, attribute] of [
      ['open', 'openSince'],
      ['parked', 'parkedAt'],
    ] as const) {
      this.orders.addGlobalSecondaryIndex({ indexName, partitionKey: stringAttribute(attribute) });
    }
    this.catalogue = new ServiceTable(this, 'Catalogue', { stage, partitionKey: 'sku' });
  }
}
