import { CfnStateMachineAlias, type CfnStateMachineVersion } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** The alias by which executions are started. */
export const LIVE = 'live';

/** How executions come from the version that the alias has to the next. */
type Shift = Omit<CfnStateMachineAlias.DeploymentPreferenceProperty, 'stateMachineVersionArn'>;

/**
 * The alias of a workflow. CloudFormation shifts it to a new version: at once, where nothing else is said.
 *
 * "RoutingConfiguration and DeploymentPreference are mutually exclusive properties. You must define only one of these
 * properties": https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachinealias.html
 */
export class LiveAlias extends CfnStateMachineAlias {
  constructor(
    scope: Construct,
    id: string,
    { attrArn: stateMachineVersionArn }: CfnStateMachineVersion,
    shift: Shift = { type: 'ALL_AT_ONCE' },
  ) {
    super(scope, id, { name: LIVE, deploymentPreference: { stateMachineVersionArn, ...shift } });
  }
}
