import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { OrderRecords } from './order-records.ts';
import { ServiceFunction } from './service-function.ts';
import type { Stage } from './stage.ts';

export interface OrderApiProps {
  readonly stage: Stage;
  readonly records: OrderRecords;
  readonly stateMachine: StateMachine;
}

/** The way in: placing orders and looking at them. Only signed calls (IAM) pass, until users have an identity of their own. */
export class OrderApi extends Construct {
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    { stage, records: { orders, catalogue }, stateMachine }: OrderApiProps,
  ) {
    super(scope, id);
    const ORDERS_TABLE = orders.tableName;
    const STATE_MACHINE_ARN = stateMachine.stateMachineArn;

    const placeOrder = new ServiceFunction(this, 'PlaceOrder', {
      stage,
      environment: { ORDERS_TABLE, STATE_MACHINE_ARN, CATALOGUE_TABLE: catalogue.tableName },
    });
    orders.grant(placeOrder, 'dynamodb:PutItem', 'dynamodb:GetItem');
    catalogue.grant(placeOrder, 'dynamodb:BatchGetItem');
    stateMachine.grantStartExecution(placeOrder);

    const getOrder = new ServiceFunction(this, 'GetOrder', {
      stage,
      environment: { ORDERS_TABLE, STATE_MACHINE_ARN },
    });
    orders.grant(getOrder, 'dynamodb:GetItem');
    stateMachine.grantExecution(getOrder, 'states:GetExecutionHistory');

    const listOrders = new ServiceFunction(this, 'ListOrders', { stage, environment: { ORDERS_TABLE } });
    listOrders.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${orders.tableArn}/index/byCustomer`],
      }),
    );

    const getOrderTimeline = new ServiceFunction(this, 'GetOrderTimeline', {
      stage,
      environment: { ORDERS_TABLE, STATE_MACHINE_ARN },
    });
    orders.grant(getOrderTimeline, 'dynamodb:GetItem');
    stateMachine.grantExecution(getOrderTimeline, 'states:GetExecutionHistory');

    const api = new HttpApi(this, 'Api', { defaultAuthorizer: new HttpIamAuthorizer() });
    const route = (method: HttpMethod, path: string, handler: ServiceFunction) =>
      api.addRoutes({
        path,
        methods: [method],
        integration: new HttpLambdaIntegration(`${handler.node.id}Integration`, handler),
      });
    route(HttpMethod.POST, '/orders', placeOrder);
    route(HttpMethod.GET, '/orders', listOrders);
    route(HttpMethod.GET, '/orders/{orderId}', getOrder);
    route(HttpMethod.GET, '/orders/{orderId}/timeline', getOrderTimeline);
    this.url = api.apiEndpoint;
  }
}
