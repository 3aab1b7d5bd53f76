import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { removalPolicyOf } from './removal-policy.ts';

/** A log group whose lines are kept as long as its stage says. */
export class StageLogs extends LogGroup {
  constructor(scope: Construct, id: string, { stage, logGroupName }: { stage: Stage; logGroupName: string }) {
    super(scope, id, {
      logGroupName,
      retention: stage.logRetentionDays,
      removalPolicy: removalPolicyOf(stage),
    });
  }
}
