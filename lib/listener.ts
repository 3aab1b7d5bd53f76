import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { SOURCE } from '../events/contract.ts';
import { DeadLetters } from './dead-letters.ts';
import { ServiceFunction } from './service-function.ts';
import type { ServiceTable } from './service-table.ts';
import type { Stage } from './stage.ts';

export interface ListenerProps {
  readonly stage: Stage;
  readonly bus: EventBus;
  /** The `detail-type`s it reacts to. */
  readonly to: readonly string[];
  /** Where it remembers, by event id, what it has done. */
  readonly deliveries: ServiceTable;
  readonly environment?: Readonly<Record<string, string>>;
}

/** One side effect: a rule on our bus, its function, and its dead letters. */
export class Listener extends Construct {
  readonly function: ServiceFunction;

  constructor(scope: Construct, id: string, { stage, bus, to, deliveries, environment }: ListenerProps) {
    super(scope, id);
    this.function = new ServiceFunction(this, id, {
      stage,
      environment: { DELIVERIES_TABLE: deliveries.tableName, ...environment },
    });
    deliveries.grant(
      this.function,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: { source: [SOURCE], detailType: [...to] },
      targets: [new DeadLetters(this, 'DeadLetters', this.function).target],
    });
  }
}
