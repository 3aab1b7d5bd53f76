import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { Listener } from './listener.ts';
import { ServiceTable } from './service-table.ts';
import type { Adapters, Stage } from './stage.ts';

export interface OrderListenersProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
  readonly bus: EventBus;
  readonly orders: ServiceTable;
}

/** The side effects of an order's end. Each knows the event only; none knows the workflow or another listener. */
export class OrderListeners extends Construct {
  constructor(scope: Construct, id: string, { stage, adapters, bus, orders }: OrderListenersProps) {
    super(scope, id);
    const deliveries = new ServiceTable(this, 'Deliveries', {
      stage,
      partitionKey: 'id',
      timeToLiveAttribute: 'expiration',
    });
    const listening = { stage, bus, deliveries };
    const completion = ['OrderConfirmed', 'OrderCancelled'];

    const mailbox = new ServiceTable(this, 'SandboxMailbox', { stage, partitionKey: 'eventId' });
    const notifyCustomer = new Listener(this, 'NotifyCustomer', {
      ...listening,
      to: completion,
      environment: { STAGE: stage.name, MAILER: adapters.mailer, MAILBOX_TABLE: mailbox.tableName },
    });
    mailbox.grant(notifyCustomer.function, 'dynamodb:PutItem');

    new Listener(this, 'RecordMetrics', { ...listening, to: completion });

    const assessFraud = new Listener(this, 'AssessFraud', {
      ...listening,
      to: ['OrderConfirmed'],
      environment: { ORDER_BUS: bus.eventBusName },
    });
    bus.grantPutEventsTo(assessFraud.function);

    const auditLog = new ServiceTable(this, 'AuditLog', {
      stage,
      partitionKey: 'correlationId',
      sortKey: 'eventId',
    });
    const logEvent = new Listener(this, 'LogEvent', {
      ...listening,
      to: [...completion, 'OrderNeedsAttention', 'FraudSuspected'],
      environment: { AUDIT_LOG_TABLE: auditLog.tableName },
    });
    auditLog.grant(logEvent.function, 'dynamodb:PutItem');

    const projectOrder = new Listener(this, 'ProjectOrder', {
      ...listening,
      to: completion,
      environment: { ORDERS_TABLE: orders.tableName },
    });
    orders.grant(projectOrder.function, 'dynamodb:UpdateItem');
  }
}
