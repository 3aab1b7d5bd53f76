import { RemovalPolicy } from 'aws-cdk-lib';
import type { Stage } from '../stage.ts';

/**
 * What becomes of a table or a log when it leaves its stack. It is kept where the stage says so; but not when the
 * deployment that creates it fails: what that left behind would be in the way of the next one, which uses the same name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export const removalPolicyOf = ({ retainsData }: Stage): RemovalPolicy =>
  retainsData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
