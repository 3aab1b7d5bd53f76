import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { FraudSuspected } from '../../events/fraud-suspected.ts';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { OrderKept } from '../../events/order-kept.ts';
import { OrderNeedsAttention } from '../../events/order-needs-attention.ts';
import { documents } from '../runtime/dynamodb.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type EventOf, listener } from '../runtime/listener.ts';

const contracts = [OrderConfirmed, OrderCancelled, OrderKept, OrderNeedsAttention, FraudSuspected];

/** Keeps every event of an order, each by its id, whenever it comes: the audit log `{orderId, eventId, correlationId, type, occurredAt, data}`. */
export const logEvent =
  (table: string) =>
  async ({ type, metadata, data }: EventOf<(typeof contracts)[number]>): Promise<void> => {
    await documents.send(
      new PutCommand({ TableName: table, Item: { orderId: data.orderId, ...metadata, type, data } }),
    );
  };

const { AUDIT_LOG_TABLE } = env(z.object({ AUDIT_LOG_TABLE: ResourceName }));
export const handler = listener(contracts, logEvent(AUDIT_LOG_TABLE));
