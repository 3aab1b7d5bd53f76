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
    this.catalogue = new ServiceTable(this, 'Catalogue', { stage, partitionKey: 'sku' });
  }
}
