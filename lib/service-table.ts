import { type Attribute, AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { removalPolicyOf } from './removal-policy.ts';
import type { Stage } from './stage.ts';

export interface ServiceTableProps {
  readonly stage: Stage;
  /** Names of string attributes. */
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** The attribute (epoch seconds) after which an item may go. */
  readonly timeToLiveAttribute?: string;
}

export const stringAttribute = (name: string): Attribute => ({ name, type: AttributeType.STRING });

/** A table of ours: on demand, recoverable to any second of the last 35 days, retained outside dev. */
export class ServiceTable extends Table {
  constructor(
    scope: Construct,
    id: string,
    { stage, partitionKey, sortKey, timeToLiveAttribute }: ServiceTableProps,
  ) {
    super(scope, id, {
      partitionKey: stringAttribute(partitionKey),
      ...(sortKey && { sortKey: stringAttribute(sortKey) }),
      ...(timeToLiveAttribute && { timeToLiveAttribute }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.retainsData,
      removalPolicy: removalPolicyOf(stage),
    });
  }
  /** On the items themselves; the CDK's own also grants it on every index, where most actions mean nothing. */
  override grant(grantee: IGrantable, ...actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.tableArn] });
  }

  /** On what an index holds of them. */
  grantOnIndex(grantee: IGrantable, indexName: string, ...actions: string[]): void {
    const resourceArns = [`${this.tableArn}/index/${indexName}`];
    Grant.addToPrincipal({ grantee, actions, resourceArns });
  }
}
