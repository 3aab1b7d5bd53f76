import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import { UNDOS } from '../saga/steps.ts';
import { Actions } from './api/actions.ts';
import { Apis } from './api/apis.ts';
import { Operations } from './api/operations.ts';
import { OrderRoutes } from './api/order-routes.ts';
import { ServiceFunction } from './base/service-function.ts';
import { EventSchemas } from './events/event-schemas.ts';
import { OrderBus } from './events/order-bus.ts';
import { OrderListeners } from './events/order-listeners.ts';
import { Observability } from './observability/observability.ts';
import { InventoryService } from './services/inventory-service.ts';
import { OrderRecords } from './services/order-records.ts';
import { PaymentService } from './services/payment-service.ts';
import { ShipmentService } from './services/shipment-service.ts';
import type { Configuration } from './stage.ts';
import { OrderRecovery } from './workflow/order-recovery.ts';
import { OrderWorkflows, TASKS } from './workflow/order-workflow.ts';
import { Parking } from './workflow/parking.ts';
import { SagaAlias } from './workflow/saga-alias.ts';

/** One stage of the whole: what there is, and who is handed what. The functions must have been bundled (`bundles.ts`). */
export class OrderSagaStack extends Stack {
  constructor(app: App, { stage, callers, adapters, fraudThresholds, alarmEmail }: Configuration) {
    super(app, `order-saga-${stage.name}`, {
      description:
        'The order workflow of an online shop: a saga on Step Functions, side effects on EventBridge',
      terminationProtection: stage.retainsData,
      tags: { project: 'order-saga', stage: stage.name },
    });

    const bus = new OrderBus(this, 'OrderBus');
    new EventSchemas(this, 'EventSchemas', this.stackName);
    const records = new OrderRecords(this, 'Records', { stage });
    const { personalData } = records;
    const { checkPayment, paymentWebhook } = new PaymentService(this, 'Payment', {
      stage,
      adapters,
      personalData,
    });
    const inventory = new InventoryService(this, 'Inventory', { stage });
    const shipment = new ShipmentService(this, 'Shipment', { stage, adapters, personalData });
    new Parking(this, 'Parking', { stage, bus, orders: records.orders });
    const undos = UNDOS.map((name) => this.functionNamed(name));
    const tasks = TASKS.map((name) => this.functionNamed(name));
    const workflows = new OrderWorkflows(this, 'Workflows', { stage, bus, tasks });
    const { releaseInventory } = inventory;
    const { reconcileOrders } = new OrderRecovery(this, 'Recovery', {
      stage,
      bus,
      records,
      workflows,
      releaseInventory,
      checkPayment,
    });
    const listeners = new OrderListeners(this, 'Listeners', {
      stage,
      adapters,
      fraudThresholds,
      bus,
      orders: records.orders,
      personalData,
    });
    const { deliveries, auditLog, all } = listeners;
    const actions = new Actions(this, 'Actions', { stage });
    const apis = new Apis(this, 'Api', { stage, callers });
    new OrderRoutes(this, 'Orders', {
      stage,
      apis,
      records,
      workflows,
      checkShipment: shipment.checkShipment,
      checkPayment,
      reconcileOrders,
      auditLog,
      deliveries,
      actions,
      bus,
      listeners: all,
    });
    apis.serve(paymentWebhook);
    new Operations(this, 'Operations', { stage, apis, bus, deliveries, actions, listeners: all });
    const { alarms } = new Observability(this, 'Observability', {
      stage,
      alarmEmail,
      apis,
      workflows,
      tasks,
      undos,
      listeners: all,
    });
    new SagaAlias(this, 'Saga', { stage, workflows, alarms: alarms.ofVersion });

    new CfnOutput(this, 'ApiUrl', { value: apis.customers.apiEndpoint });
    new CfnOutput(this, 'OperatorsApiUrl', { value: apis.operators.apiEndpoint });
    if (apis.pool) {
      new CfnOutput(this, 'CustomerPool', { value: apis.pool.userPoolId });
      new CfnOutput(this, 'CustomerPoolClient', { value: apis.pool.client.userPoolClientId });
    }
    new CfnOutput(this, 'CatalogueTable', { value: records.catalogue.tableName });
    new CfnOutput(this, 'StockTable', { value: inventory.stock.tableName });
  }

  /** @throws Error where no service has it */
  private functionNamed(name: string): ServiceFunction {
    const found = this.node
      .findAll()
      .find((each): each is ServiceFunction => each instanceof ServiceFunction && each.node.id === name);
    if (!found) throw new Error(`${name} is a task of the saga, and no service has a function of that name`);
    return found;
  }
}
