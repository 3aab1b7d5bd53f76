import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Contract } from '../../events/contract.ts';
import { patternOf } from '../../events/pattern.ts';
import { fileNameOf, functionNameOf, ServiceFunction } from '../base/service-function.ts';
import type { Stage } from '../stage.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Deliveries } from './deliveries.ts';

export interface ListenerProps {
  readonly stage: Stage;
  readonly bus: EventBus;
  /** The events it reacts to, each in its version. */
  readonly to: readonly [Contract, ...Contract[]];
  /** Where it remembers what it has done. */
  readonly deliveries: Deliveries;
  readonly environment?: Readonly<Record<string, string>>;
}

/** One side effect: a rule on our bus, its function, and the queue of its dead letters. */
export class Listener extends Construct {
  /** As operators call it: `notify-customer`. */
  readonly name: string;
  readonly function: ServiceFunction;
  readonly deadLetters: DeadLetters;
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { stage, bus, to, deliveries, environment }: ListenerProps) {
    super(scope, id);
    this.name = fileNameOf(id);
    this.function = new ServiceFunction(this, id, {
      stage,
      environment: { ...deliveries.environment, ...environment },
      // A flood of events never takes the workflow's share of instances: what exceeds these waits in Lambda's queue, for six hours.
      concurrency: stage.concurrency?.reaction,
    });
    deliveries.grantRecord(this.function);
    this.deadLetters = new DeadLetters(this, 'DeadLetters', this.function);
    this.rule = new Rule(this, 'Rule', {
      // Named like its function, so that operators find it.
      ruleName: functionNameOf(this, id),
      eventBus: bus,
      eventPattern: patternOf(...to),
      targets: [this.deadLetters.target],
    });
  }
}
