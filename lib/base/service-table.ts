import { type Attribute, AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { removalPolicyOf } from './removal-policy.ts';

export interface ServiceTableProps {
  readonly stage: Stage;
  /** Names of string attributes. */
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** The attribute that says when an item may be deleted (epoch seconds). */
  readonly timeToLiveAttribute?: string;
}

export const stringAttribute = (name: string): Attribute => ({ name, type: AttributeType.STRING });

/** One of our tables: on demand, recoverable to any second of the last 35 days, retained outside dev. */
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
  /**
   * Grants actions on the items themselves. The CDK's own method grants them on every index too, where most mean
   * nothing.
   */
  override grant(grantee: IGrantable, ...actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.tableArn] });
  }

  /** Grants queries of an index. */
  grantOnIndex(grantee: IGrantable, indexName: string, ...actions: string[]): void {
    const resourceArns = [`${this.tableArn}/index/${indexName}`];
    Grant.addToPrincipal({ grantee, actions, resourceArns });
  }
}
