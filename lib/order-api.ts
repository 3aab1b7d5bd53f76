import { HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { Actions } from './actions.ts';
import type { Deliveries } from './deliveries.ts';
import type { Listener } from './listener.ts';
import { grantLookAtDeadLetters, listenersEnvironment } from './listeners-environment.ts';
import type { OrderBus } from './order-bus.ts';
import type { OrderRecords } from './order-records.ts';
import type { OrderWorkflows } from './order-workflow.ts';
import { ServiceFunction } from './service-function.ts';
import type { ServiceTable } from './service-table.ts';
import type { Stage } from './stage.ts';

export interface OrderApiProps {
  readonly stage: Stage;
  readonly records: OrderRecords;
  readonly workflows: OrderWorkflows;
  readonly checkShipment: ServiceFunction;
  readonly reconcileOrders: ServiceFunction;
  readonly auditLog: ServiceTable;
  readonly deliveries: Deliveries;
  readonly actions: Actions;
  readonly bus: OrderBus;
  readonly listeners: readonly Listener[];
}

/**
 * The way in: for customers below `/orders`, for operators below `/ops`. Only signed calls (IAM) pass, until users have
 * an identity of their own; who may call what is said by `execute-api:Invoke` on the path.
 */
export class OrderApi extends Construct {
  readonly url: string;
  readonly http: HttpApi;
  readonly stage: HttpStage;
  /** One a function, whichever of its routes is called. */
  readonly #integrations = new Map<ServiceFunction, HttpLambdaIntegration>();

  constructor(scope: Construct, id: string, props: OrderApiProps) {
    super(scope, id);
    const {
      stage,
      records,
      workflows,
      checkShipment,
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
      new ServiceFunction(this, name, { stage, environment: { ORDERS_TABLE, ...environment } });

    const placeOrder = handler('PlaceOrder', {
      ...workflows.environment,
      CATALOGUE_TABLE: catalogue.tableName,
      PERSONAL_DATA_TABLE: personalData.tableName,
    });
    orders.grant(placeOrder, 'dynamodb:PutItem', 'dynamodb:GetItem');
    personalData.grant(placeOrder, 'dynamodb:PutItem');
    catalogue.grant(placeOrder, 'dynamodb:BatchGetItem');
    workflows.fulfillment.grantStart(placeOrder);

    const getOrder = handler('GetOrder', workflows.environment);
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
    checkShipment.grantInvoke(cancelOrder);

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
      environment: { ...actions.environment, RECONCILE_ORDERS_FUNCTION: reconcileOrders.functionName },
    });
    reconcileOrders.grantInvoke(reconcileNow);
    actions.grantRecord(cancelOrder, eraseOrder, resumeOrder, reconcileNow);

    this.http = new HttpApi(this, 'Api', {
      defaultAuthorizer: new HttpIamAuthorizer(),
      createDefaultStage: false,
    });
    const { callsPerSecond: rateLimit, burst: burstLimit } = stage.throttle;
    this.stage = new HttpStage(this.http, 'DefaultStage', {
      httpApi: this.http,
      autoDeploy: true,
      throttle: { rateLimit, burstLimit },
    });
    this.route(HttpMethod.POST, '/orders', placeOrder);
    this.route(HttpMethod.GET, '/orders', listOrders);
    this.route(HttpMethod.GET, '/orders/{orderId}', getOrder);
    this.route(HttpMethod.GET, '/orders/{orderId}/timeline', getOrderTimeline);
    this.route(HttpMethod.POST, '/orders/{orderId}/cancel', cancelOrder);
    // The same functions, for any customer's order: by the route they know that an operator calls.
    this.route(HttpMethod.GET, '/ops/orders/{orderId}', getOrder);
    this.route(HttpMethod.GET, '/ops/orders/{orderId}/timeline', getOrderTimeline);
    this.route(HttpMethod.POST, '/ops/orders/{orderId}/cancel', cancelOrder);
    this.route(HttpMethod.GET, '/ops/orders', listAllOrders);
    this.route(HttpMethod.GET, '/ops/orders/parked', listParkedOrders);
    this.route(HttpMethod.POST, '/ops/orders/{orderId}/resume', resumeOrder);
    this.route(HttpMethod.POST, '/ops/orders/{orderId}/erase', eraseOrder);
    this.route(HttpMethod.POST, '/ops/reconcile', reconcileNow);
    this.url = this.http.apiEndpoint;
  }

  route(method: HttpMethod, path: string, target: ServiceFunction): void {
    const known = this.#integrations.get(target);
    const integration = known ?? new HttpLambdaIntegration(`${target.node.id}Integration`, target);
    this.#integrations.set(target, integration);
    this.http.addRoutes({ path, methods: [method], integration });
  }
}
