import { RemovalPolicy } from 'aws-cdk-lib';
import { type Attribute, AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
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
      removalPolicy: stage.retainsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
