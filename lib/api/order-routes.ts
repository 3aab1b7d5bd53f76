import { Construct } from 'constructs';
import { ServiceFunction } from '../base/service-function.ts';
import type { ServiceTable } from '../base/service-table.ts';
import type { Deliveries } from '../events/deliveries.ts';
import type { Listener } from '../events/listener.ts';
import { grantLookAtDeadLetters, listenersEnvironment } from '../events/listeners-environment.ts';
import type { OrderBus } from '../events/order-bus.ts';
import type { OrderRecords } from '../services/order-records.ts';
import type { Stage } from '../stage.ts';
import type { OrderWorkflows } from '../workflow/order-workflow.ts';
import type { Actions } from './actions.ts';
import type { Apis } from './apis.ts';

export interface OrderRoutesProps {
  readonly stage: Stage;
  readonly apis: Apis;
  readonly records: OrderRecords;
  readonly workflows: OrderWorkflows;
  readonly checkShipment: ServiceFunction;
  readonly checkPayment: ServiceFunction;
  readonly reconcileOrders: ServiceFunction;
  readonly auditLog: ServiceTable;
  readonly deliveries: Deliveries;
  readonly actions: Actions;
  readonly bus: OrderBus;
  readonly listeners: readonly Listener[];
}

/** The functions and routes of orders, for customers and for operators. */
export class OrderRoutes extends Construct {
  constructor(scope: Construct, id: string, props: OrderRoutesProps) {
    super(scope, id);
    const {
      stage,
      apis,
      records,
      workflows,
      checkShipment,
      checkPayment,
      reconcileOrders,
      auditLog,
      deliveries,
      actions,
      bus,
      listeners,
    } = props;
    const { orders, personalData, catalogue } = records;
    const ORDERS_TABLE = orders.tableName;
    const handler = (name: string, environment: Readonly<Record<string, string>> = {}) =>
      new ServiceFunction(this, name, {
        stage,
        environment: { ...apis.environment, ORDERS_TABLE, ...environment },
      });

    const placeOrder = handler('PlaceOrder', {
      ...workflows.environment,
      CATALOGUE_TABLE: catalogue.tableName,
      PERSONAL_DATA_TABLE: personalData.tableName,
    });
    orders.grant(placeOrder, 'dynamodb:PutItem', 'dynamodb:GetItem');
    personalData.grant(placeOrder, 'dynamodb:PutItem');
    catalogue.grant(placeOrder, 'dynamodb:BatchGetItem');
    workflows.fulfillment.grantStart(placeOrder);

    const getOrder = handler('GetOrder', {
      ...workflows.environment,
      CHECK_PAYMENT_FUNCTION: checkPayment.functionName,
    });
    checkPayment.grantInvokeLatestVersion(getOrder);
    const getOrderTimeline = handler('GetOrderTimeline', {
      ...workflows.environment,
      ...deliveries.environment,
      ...listenersEnvironment(this, bus, listeners),
      AUDIT_LOG_TABLE: auditLog.tableName,
    });
    for (const reader of [getOrder, getOrderTimeline]) {
      orders.grant(reader, 'dynamodb:GetItem');
      for (const workflow of workflows.all) workflow.grantRead(reader);
    }

    auditLog.grant(getOrderTimeline, 'dynamodb:Query');
    deliveries.grantReadOfOrder(getOrderTimeline);
    grantLookAtDeadLetters(getOrderTimeline, listeners);

    const listOrders = handler('ListOrders');
    orders.grantOnIndex(listOrders, 'byCustomer', 'dynamodb:Query');

    const cancelOrder = handler('CancelOrder', {
      ...workflows.environment,
      ...actions.environment,
      CHECK_SHIPMENT_FUNCTION: checkShipment.functionName,
    });
    orders.grant(cancelOrder, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    workflows.continuation.grantStart(cancelOrder);
    for (const workflow of workflows.all) workflow.grantRead(cancelOrder);
    checkShipment.grantInvokeLatestVersion(cancelOrder);

    const eraseOrder = handler('EraseOrder', {
      ...actions.environment,
      PERSONAL_DATA_TABLE: personalData.tableName,
    });
    orders.grant(eraseOrder, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    personalData.grant(eraseOrder, 'dynamodb:DeleteItem');

    const listAllOrders = handler('ListAllOrders');
    orders.grant(listAllOrders, 'dynamodb:BatchGetItem');
    for (const index of ['byTime', 'byOutcome', 'byCustomer', 'open', 'parked'])
      orders.grantOnIndex(listAllOrders, index, 'dynamodb:Query');

    const listParkedOrders = handler('ListParkedOrders');
    orders.grantOnIndex(listParkedOrders, 'parked', 'dynamodb:Query');

    const resumeOrder = handler('ResumeOrder', { ...workflows.environment, ...actions.environment });
    orders.grant(resumeOrder, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    workflows.continuation.grantStart(resumeOrder);
    for (const workflow of workflows.all) {
      workflow.grantRead(resumeOrder);
      workflow.stateMachine.grant(resumeOrder, 'states:SendTaskSuccess');
    }

    const reconcileNow = new ServiceFunction(this, 'ReconcileNow', {
      stage,
      environment: {
        ...apis.environment,
        ...actions.environment,
        RECONCILE_ORDERS_FUNCTION: reconcileOrders.functionName,
      },
    });
    reconcileOrders.grantInvokeLatestVersion(reconcileNow);
    actions.grantRecord(cancelOrder, eraseOrder, resumeOrder, reconcileNow);

    apis.serve(
      placeOrder,
      getOrder,
      getOrderTimeline,
      listOrders,
      cancelOrder,
      eraseOrder,
      listAllOrders,
      listParkedOrders,
      resumeOrder,
      reconcileNow,
    );
  }
}
