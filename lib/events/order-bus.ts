import { Duration, Stack } from 'aws-cdk-lib';
import { type Archive, EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { SOURCE } from '../../events/contract.ts';

/** How long an event can be replayed. */
export const ARCHIVED_DAYS = 90;

/** The bus of the shop's own events, and an archive of them for as long as they may be replayed. */
export class OrderBus extends EventBus {
  readonly orderEvents: Archive;

  constructor(scope: Construct, id: string) {
    const { stackName } = Stack.of(scope);
    super(scope, id, { eventBusName: `${stackName}-${id}` });
    this.orderEvents = this.archive('Archive', {
      archiveName: `${stackName}-events`,
      eventPattern: { source: [SOURCE] },
      retention: Duration.days(ARCHIVED_DAYS),
    });
  }
}
