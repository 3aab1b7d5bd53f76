import { Stack } from 'aws-cdk-lib';
import { type HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { audienceOf } from '../../api/audience.ts';
import type { Route } from '../../api/route.ts';
import { ROUTES } from '../../api/routes.ts';
import { fileNameOf, type ServiceFunction } from '../base/service-function.ts';
import type { Callers } from '../callers.ts';
import type { Stage } from '../stage.ts';
import { Api } from './api.ts';
import { CustomerPool } from './customer-pool.ts';

export interface ApisProps {
  readonly stage: Stage;
  readonly callers: Callers;
}

/**
 * The HTTP APIs: one for customers, one for operators. What is granted on the one, with whatever wildcards, opens no route
 * of the other.
 */
export class Apis extends Construct {
  readonly customers: Api;
  readonly operators: Api;
  /** Where the stack makes one. */
  readonly pool: CustomerPool | undefined;
  /** The environment of a function that answers routes. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { stage, callers }: ApisProps) {
    super(scope, id);
    const { customers, operators, corsOrigins } = callers;
    this.pool = customers === 'user-pool' ? new CustomerPool(this, 'CustomerPool', { stage }) : undefined;
    const tokens = {
      customers: this.pool?.tokens ?? (typeof customers === 'string' ? undefined : customers),
      operators: operators === 'iam' ? undefined : operators,
    };
    this.customers = new Api(this, 'Customers', {
      stage,
      audience: 'customers',
      tokens: tokens.customers,
      corsOrigins,
    });
    this.operators = new Api(this, 'Operators', { stage, audience: 'operators', tokens: tokens.operators });
    this.environment = {
      CALLERS: Stack.of(this).toJsonString({
        customers: tokens.customers ?? 'backend',
        operators,
        operatorsApi: this.operators.apiId,
      }),
    };
  }

  /** Gives the functions their routes, as `api/routes.ts` has them. */
  serve(...functions: readonly ServiceFunction[]): void {
    for (const target of functions) {
      const { id } = target.node;
      const routes = Object.entries<Route>(ROUTES).filter(([, route]) => route.function === fileNameOf(id));
      if (routes.length === 0) throw new Error(`${id} answers no route of api/routes.ts`);
      for (const [audience, ours] of Map.groupBy(routes, ([key]) => audienceOf(key))) {
        const integration = new HttpLambdaIntegration(`${id}Integration`, target);
        for (const [key, { isSigned = false }] of ours) {
          const [method = '', path = ''] = key.split(' ');
          this[audience].addRoutes({
            path,
            methods: [method as HttpMethod],
            integration,
            ...(isSigned && { authorizer: new HttpNoneAuthorizer() }),
          });
        }
      }
    }
  }
}
