import { HttpApi, type HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { ROUTES } from '../../api/routes.ts';
import { fileNameOf, ServiceFunction } from '../base/service-function.ts';
import type { ServiceTable } from '../base/service-table.ts';
import type { Deliveries } from '../events/deliveries.ts';
import type { Listener } from '../events/listener.ts';
import { grantLookAtDeadLetters, listenersEnvironment } from '../events/listeners-environment.ts';
import type { OrderBus } from '../events/order-bus.ts';
import type { OrderRecords } from '../services/order-records.ts';
import type { Stage } from '../stage.ts';
import type { OrderWorkflows } from '../workflow/order-workflow.ts';
import type { Actions } from './actions.ts';

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
 * The HTTP API: for customers below `/orders`, for operators below `/ops`. Only signed calls (IAM) pass, until users have
 * an identity of their own; `execute-api:Invoke` on the path says who may call what.
 */
export class OrderApi extends Construct {
  readonly url: string;
  readonly http: HttpApi;
  readonly stage: HttpStage;

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
      environment: { ...actions.environment, RECONCILE_ORDERS_FUNCTION: reconcileOrders.functionName },
    });
    reconcileOrders.grantInvokeLatestVersion(reconcileNow);
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
    this.serve(
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
    this.url = this.http.apiEndpoint;
  }

  /** Gives the functions their routes, as `api/routes.ts` has them. */
  serve(...functions: readonly ServiceFunction[]): void {
    for (const target of functions) {
      const { id } = target.node;
      const integration = new HttpLambdaIntegration(`${id}Integration`, target);
      const routes = Object.entries(ROUTES).filter(([, route]) => route.function === fileNameOf(id));
      if (routes.length === 0) throw new Error(`${id} answers no route of api/routes.ts`);
      for (const [key] of routes) {
        const [method = '', path = ''] = key.split(' ');
        this.http.addRoutes({ path, methods: [method as HttpMethod], integration });
      }
    }
  }
}
