import { type CfnStage, type HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { StageLogs } from '../base/stage-logs.ts';
import type { Stage } from '../stage.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const FIELDS = {
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  error: '$context.error.message',
  // Whose call it was: the account of a signed one, or the subject of a token. Its principal is not to be had without what the
  // session is called, often an e-mail.
  account: '$context.identity.accountId',
  subject: '$context.authorizer.claims.sub',
};

export interface AccessLogProps {
  readonly stage: Stage;
  readonly apiName: string;
  /** Of that API. */
  readonly of: HttpStage;
}

/**
 * One line for each call, including those that reach no function: unsigned, unknown, throttled. The caller's address is
 * left out.
 */
export class AccessLog extends Construct {
  constructor(scope: Construct, id: string, { stage, apiName, of }: AccessLogProps) {
    super(scope, id);
    const logs = new StageLogs(this, 'Logs', {
      stage,
      logGroupName: `/aws/vendedlogs/apis/${apiName}`,
    });
    (of.node.defaultChild as CfnStage).accessLogSettings = {
      ...new LogGroupLogDestination(logs).bind(of),
      format: JSON.stringify(FIELDS),
    };
  }
}
