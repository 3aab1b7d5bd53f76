import type { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { audienceOf } from '../../api/audience.ts';
import { ROUTES } from '../../api/routes.ts';
import { fileNameOf, type ServiceFunction } from '../base/service-function.ts';
import type { Stage } from '../stage.ts';
import { Api } from './api.ts';

/**
 * The HTTP APIs: one for customers, one for operators. What is granted on the one, with whatever wildcards, opens no route
 * of the other.
 */
export class Apis extends Construct {
  readonly customers: Api;
  readonly operators: Api;
  /** The environment of a function that answers routes. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.customers = new Api(this, 'Customers', { stage, audience: 'customers' });
    this.operators = new Api(this, 'Operators', { stage, audience: 'operators' });
    this.environment = { OPERATORS_API: this.operators.apiId };
  }

  /** Gives the functions their routes, as `api/routes.ts` has them. */
  serve(...functions: readonly ServiceFunction[]): void {
    for (const target of functions) {
      const { id } = target.node;
      const routes = Object.entries(ROUTES).filter(([, route]) => route.function === fileNameOf(id));
      if (routes.length === 0) throw new Error(`${id} answers no route of api/routes.ts`);
      for (const [audience, ours] of Map.groupBy(routes, ([key]) => audienceOf(key))) {
        const integration = new HttpLambdaIntegration(`${id}Integration`, target);
        for (const [key] of ours) {
          const [method = '', path = ''] = key.split(' ');
          this[audience].addRoutes({ path, methods: [method as HttpMethod], integration });
        }
      }
    }
  }
}
