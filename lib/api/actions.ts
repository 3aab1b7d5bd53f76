import type { Construct } from 'constructs';
import type { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';

/** The record of what operators have asked for, and of who asked. */
export class Actions extends ServiceTable {
  /** The environment of a function that records calls, or reads the records. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id, {
      stage,
      partitionKey: 'actors',
      sortKey: 'action',
      timeToLiveAttribute: 'expiresAt',
    });
    this.environment = { ACTIONS_TABLE: this.tableName };
  }

  grantRecord(...functions: readonly ServiceFunction[]): void {
    for (const each of functions) this.grant(each, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }
}
