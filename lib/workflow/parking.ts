import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { ServiceFunction } from '../base/service-function.ts';
import type { ServiceTable } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';

/** Where a workflow leaves an order that an operator must look at. */
export class Parking extends Construct {
  constructor(scope: Construct, id: string, props: { stage: Stage; bus: EventBus; orders: ServiceTable }) {
    super(scope, id);
    const { stage, bus, orders } = props;
    const parkOrder = new ServiceFunction(this, 'ParkOrder', {
      stage,
      environment: { ORDERS_TABLE: orders.tableName, ORDER_BUS: bus.eventBusName },
      concurrency: stage.concurrency?.task,
    });
    orders.grant(parkOrder, 'dynamodb:UpdateItem');
    bus.grantPutEventsTo(parkOrder);
  }
}
