import { Construct } from 'constructs';
import { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';

/** The stock, and the reservations on it. */
export class InventoryService extends Construct {
  readonly stock: ServiceTable;
  readonly releaseInventory: ServiceFunction;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.stock = new ServiceTable(this, 'Stock', { stage, partitionKey: 'sku' });
    const reservations = new ServiceTable(this, 'Reservations', { stage, partitionKey: 'orderId' });
    const environment = { STOCK_TABLE: this.stock.tableName, RESERVATIONS_TABLE: reservations.tableName };
    const concurrency = stage.concurrency?.task;
    const reserveInventory = new ServiceFunction(this, 'ReserveInventory', {
      stage,
      environment,
      concurrency,
    });
    this.releaseInventory = new ServiceFunction(this, 'ReleaseInventory', {
      stage,
      environment,
      concurrency,
    });

    // A transaction is authorized as the writes that it consists of.
    this.stock.grant(reserveInventory, 'dynamodb:UpdateItem');
    this.stock.grant(this.releaseInventory, 'dynamodb:UpdateItem');
    reservations.grant(reserveInventory, 'dynamodb:GetItem', 'dynamodb:PutItem');
    reservations.grant(this.releaseInventory, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }
}
