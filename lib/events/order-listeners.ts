import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { FRAUD_THRESHOLDS } from '../../configuration/fraud-thresholds.ts';
import { FraudSuspected } from '../../events/fraud-suspected.ts';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { OrderKept } from '../../events/order-kept.ts';
import { OrderNeedsAttention } from '../../events/order-needs-attention.ts';
import type { Adapters } from '../adapters.ts';
import { portAdapter } from '../base/port-adapter.ts';
import type { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';
import { Deliveries } from './deliveries.ts';
import { Listener, type ListenerProps } from './listener.ts';
import { sesSending } from './ses-sending.ts';

export interface OrderListenersProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
  readonly fraudThresholds: typeof FRAUD_THRESHOLDS;
  readonly bus: EventBus;
  readonly orders: ServiceTable;
  /** Where the customer's address is. */
  readonly personalData: ServiceTable;
}

/** The side effects of an order's end. Each knows only the event: neither the workflow nor another listener. */
export class OrderListeners extends Construct {
  readonly deliveries: Deliveries;
  readonly auditLog: ServiceTable;
  readonly all: Listener[] = [];

  constructor(scope: Construct, id: string, props: OrderListenersProps) {
    super(scope, id);
    const { stage, adapters, fraudThresholds, bus, orders, personalData } = props;
    this.deliveries = new Deliveries(this, 'Deliveries', { stage });
    const listener = (name: string, props: Pick<ListenerProps, 'to' | 'environment'>): ServiceFunction => {
      const added = new Listener(this, name, { stage, bus, deliveries: this.deliveries, ...props });
      this.all.push(added);
      return added.function;
    };
    const completion = [OrderConfirmed, OrderKept, OrderCancelled] as const;

    const mailer = portAdapter(this, 'mailer', {
      stage,
      adapters,
      sandbox: { id: 'SandboxMailbox', partitionKey: 'eventId' },
    });
    const notices = new ServiceTable(this, 'Notices', {
      stage,
      partitionKey: 'orderId',
      timeToLiveAttribute: 'expiresAt',
    });
    const notifyCustomer = listener('NotifyCustomer', {
      to: completion,
      environment: {
        ...mailer.environment,
        NOTICES_TABLE: notices.tableName,
        PERSONAL_DATA_TABLE: personalData.tableName,
      },
    });
    notices.grant(notifyCustomer, 'dynamodb:UpdateItem');
    personalData.grant(notifyCustomer, 'dynamodb:GetItem');
    mailer.grant(notifyCustomer, 'dynamodb:UpdateItem');
    if (adapters.mailer.name === 'ses')
      notifyCustomer.addToRolePolicy(sesSending(this, adapters.mailer.settings));

    listener('RecordMetrics', { to: completion });

    const assessFraud = listener('AssessFraud', {
      to: [OrderConfirmed],
      environment: { ORDER_BUS: bus.eventBusName, FRAUD_THRESHOLDS: JSON.stringify(fraudThresholds) },
    });
    bus.grantPutEventsTo(assessFraud);

    this.auditLog = new ServiceTable(this, 'AuditLog', {
      stage,
      partitionKey: 'orderId',
      sortKey: 'eventId',
    });
    const logEvent = listener('LogEvent', {
      to: [...completion, OrderNeedsAttention, FraudSuspected],
      environment: { AUDIT_LOG_TABLE: this.auditLog.tableName },
    });
    this.auditLog.grant(logEvent, 'dynamodb:PutItem');

    const projectOrder = listener('ProjectOrder', {
      to: completion,
      environment: { ORDERS_TABLE: orders.tableName },
    });
    orders.grant(projectOrder, 'dynamodb:UpdateItem');

    const flagForReview = listener('FlagForReview', {
      to: [FraudSuspected],
      environment: { ORDERS_TABLE: orders.tableName },
    });
    orders.grant(flagForReview, 'dynamodb:UpdateItem');
  }
}
