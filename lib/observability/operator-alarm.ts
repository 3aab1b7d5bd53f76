import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface OperatorAlarmProps {
  /** Its heading in docs/runbook.md. */
  readonly kind: string;
  /** What it watches, where several things have an alarm of this kind. */
  readonly of?: string;
  /** What has happened when it is raised, in a sentence. */
  readonly means: string;
  readonly metric: IMetric;
  /** It is raised at this value and above. */
  readonly threshold: number;
  /** For how many of the metric's periods in a row. Default: 1. */
  readonly periods?: number;
  /** What it makes of missing data. Default: that nothing is wrong. */
  readonly missingData?: TreatMissingData;
}

/** Something that an operator is called for: `<stack>-<kind>[-<of>]`, with its entry in the runbook. */
export class OperatorAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: OperatorAlarmProps) {
    const { kind, of, means, metric, threshold, periods = 1, missingData } = props;
    super(scope, id, {
      alarmName: [Stack.of(scope).stackName, kind, ...(of ? [of] : [])].join('-'),
      alarmDescription: `${means}. What to do: docs/runbook.md#${kind.toLowerCase()}`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: missingData ?? TreatMissingData.NOT_BREACHING,
    });
  }
}
