import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { handler as placeOrder } from '../../lambdas/orders/api/place-order.ts';
import { handler as resumeOrder } from '../../lambdas/orders/api/resume-order.ts';
import { handler as parkOrder } from '../../lambdas/orders/workflow/park-order.ts';
import { handler as recoverOrder } from '../../lambdas/orders/workflow/recover-order.ts';
import { handler as chargePayment } from '../../lambdas/payment/charge-payment.ts';
import { stepFunctions } from '../../lambdas/runtime/step-functions.ts';
import { handler as createShipment } from '../../lambdas/shipment/create-shipment.ts';
import { handlers, listeners } from '../statemachines/sources.ts';
import { apiRequest, ask } from './api-requests.ts';
import { deliveriesInMemory } from './deliveries-in-memory.ts';
import { lambdaContext } from './lambda-context.ts';
import { outputOf } from './log-lines.ts';
import { type TablesInMemory, tablesInMemory } from './tables-in-memory.ts';

const SECRETS = [
  'pm_card_secret',
  'Secret Name',
  'Secret Street',
  'Secret City',
  'ada@secret.example',
  'SECRET-ZIP',
  'secret-token',
  'postal code 00000',
];

const order = { orderId: 'ord_1', correlationId: 'corr-1' };
const shippingAddress = {
  name: 'Secret Name',
  line1: 'Secret Street 1',
  line2: 'ada@secret.example',
  city: 'Secret City',
  postalCode: 'SECRET-ZIP',
  country: 'DE',
};
const items = [{ sku: 'MUG', quantity: 2 }];
const body = { items, paymentMethod: 'pm_card_secret', shippingAddress };

let tables: TablesInMemory;
const charge = (paymentMethod: unknown) => {
  tables.seed('PersonalData', { orderId: 'ord_1', paymentMethod });
  return chargePayment({ ...order, totalCents: 2500, currency: 'EUR' }, lambdaContext);
};
const ship = (changes = {}) => {
  tables.seed('PersonalData', { orderId: 'ord_1', shippingAddress: { ...shippingAddress, ...changes } });
  return createShipment({ ...order, items }, lambdaContext);
};
const place = (changes = {}, email = 'ada@secret.example') =>
  ask(
    placeOrder,
    apiRequest({
      routeKey: 'POST /orders',
      headers: { 'x-customer-email': email },
      body: { ...body, ...changes },
    }),
  );

const parked = {
  parkedAt: OrderConfirmed.example.metadata.occurredAt,
  token: 'secret-token',
  resolutions: {},
};
const park = (changes = {}) =>
  parkOrder(
    { ...order, ...body, customerId: 'customer-1', state: 'ParkUndo', error: 'E', ...parked, ...changes },
    lambdaContext,
  );
const resume = () =>
  ask(
    resumeOrder,
    apiRequest({ routeKey: 'POST /ops/orders/{orderId}/resume', path: { orderId: 'ord_1' }, body: {} }),
  );
const recover = () => recoverOrder({ detail: { name: 'ord_1', status: 'FAILED' } }, lambdaContext);

/** Runs the call, whether it succeeds or fails, and finds what it wrote. */
const written = (call: () => Promise<unknown>) => outputOf(() => call().catch(() => undefined));

const expectNoSecret = (output: string) => {
  expect(output).toContain('correlationId');
  for (const secret of SECRETS) expect(output).not.toContain(secret);
};

beforeEach(() => {
  mockClient(stepFunctions).on(StartExecutionCommand).resolves({});
  mockClient(EventBridgeClient).on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  tables = tablesInMemory({
    Orders: 'orderId',
    PersonalData: 'orderId',
    Actions: 'action',
    Catalogue: 'sku',
    Payments: 'orderId',
    SandboxCharges: 'key',
    Shipments: 'orderId',
    SandboxParcels: 'reference',
    SandboxMailbox: 'eventId',
    AuditLog: 'eventId',
  });
  deliveriesInMemory(tables.calls);
  tables.seed('Catalogue', { sku: 'MUG', name: 'Mug', unitPriceCents: 1250, currency: 'EUR' });
  const { orderId } = OrderConfirmed.example.data;
  tables.seed('Orders', { orderId });
  tables.seed('PersonalData', { orderId, email: 'ada@secret.example' });
  tables.seed('Orders', {
    ...order,
    ...body,
    openSince: parked.parkedAt,
    parkedAt: parked.parkedAt,
    parking: { state: 'ParkUndo', error: 'E', token: 'secret-token', resolutions: {} },
  });
});

describe('no address, e-mail or payment method is in the log', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['an order that is placed', () => place()],
    ['an order with a payment method too long', () => place({ paymentMethod: 'pm_card_secret'.repeat(9) })],
    [
      'an order with a bad address',
      () => place({ shippingAddress: { ...shippingAddress, country: 'Secret City' } }),
    ],
    ['an order whose mail is to go nowhere', () => place({}, 'ada@secret.example, Secret Name')],
    ['an order whose body is no object', () => place({ shippingAddress: 'Secret Street 1' })],
    ['a payment by a method that is unknown', () => charge('pm_card_secret')],
    ['a payment by a method that is no text', () => charge({ token: 'pm_card_secret' })],
    ['a shipment', () => ship()],
    ['a shipment that is invalid', () => ship({ country: 'Secret City' })],
    ['an order that is parked', () => park()],
    ['a parking that is invalid', () => park({ error: { token: 'secret-token' } })],
    ['an order that is resumed', () => resume()],
    ['an order that cannot be recovered', () => recover()],
    ['a shipment that the carrier refuses', () => ship({ postalCode: '00000' })],
  ])('of %s', async (_, call) => {
    expectNoSecret(await written(call));
  });

  it.each(listeners)('of %s, even where an event brings some along', async (name) => {
    const { handler } = await import(join(import.meta.dirname, '../..', handlers.get(name)?.file ?? ''));
    const data = {
      ...OrderConfirmed.example.data,
      totalCents: 100_000,
      ...body,
      email: 'ada@secret.example',
    };
    const confirmed = {
      ...OrderConfirmed.example,
      data: { ...data, items: OrderConfirmed.example.data.items },
    };
    const broken = { ...OrderCancelled.example, data };
    expectNoSecret(
      await written(async () => {
        await handler({ 'detail-type': 'OrderConfirmed', detail: confirmed }, lambdaContext);
        await handler({ 'detail-type': 'OrderCancelled', detail: broken }, lambdaContext);
      }),
    );
  });
});
