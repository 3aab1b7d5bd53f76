import { Stack } from 'aws-cdk-lib';
import { HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Construct } from 'constructs';
import type { Audience } from '../../api/audience.ts';
import type { Stage } from '../stage.ts';
import { AccessLog } from './access-log.ts';

export interface ApiProps {
  readonly stage: Stage;
  readonly audience: Audience;
}

/** The HTTP API of an audience: its address, throttle, access log and authorizer. Only signed calls (IAM) pass. */
export class Api extends HttpApi {
  constructor(scope: Construct, id: string, { stage, audience }: ApiProps) {
    const apiName = `${Stack.of(scope).stackName}-${audience}`;
    super(scope, id, {
      apiName,
      defaultAuthorizer: new HttpIamAuthorizer(),
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
