import { Duration, Stack } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Construct } from 'constructs';
import type { Audience } from '../../api/audience.ts';
import type { Tokens } from '../callers.ts';
import type { Stage } from '../stage.ts';
import { AccessLog } from './access-log.ts';

export interface ApiProps {
  readonly stage: Stage;
  readonly audience: Audience;
  /** By which it is called; signed calls (IAM) without. */
  readonly tokens: Tokens | undefined;
  /** Whose pages may call it. */
  readonly corsOrigins?: readonly string[];
}

/** The HTTP API of an audience: its address, throttle, access log and authorizer. */
export class Api extends HttpApi {
  constructor(scope: Construct, id: string, { stage, audience, tokens, corsOrigins = [] }: ApiProps) {
    const apiName = `${Stack.of(scope).stackName}-${audience}`;
    super(scope, id, {
      apiName,
      defaultAuthorizer: tokens
        ? new HttpJwtAuthorizer('Tokens', tokens.issuer, { jwtAudience: [...tokens.audience] })
        : new HttpIamAuthorizer(),
      ...(corsOrigins.length > 0 && {
        corsPreflight: {
          allowOrigins: [...corsOrigins],
          allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
          allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-correlation-id'],
          exposeHeaders: ['location', 'x-correlation-id'],
          maxAge: Duration.hours(1),
        },
      }),
      createDefaultStage: false,
    });
    const { callsPerSecond: rateLimit, burst: burstLimit } = stage.throttle[audience];
    const of = new HttpStage(this, 'DefaultStage', {
      httpApi: this,
      autoDeploy: true,
      throttle: { rateLimit, burstLimit },
    });
    new AccessLog(this, 'AccessLog', { stage, of, apiName });
  }
}
