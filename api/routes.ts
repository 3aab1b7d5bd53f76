import * as z from 'zod';
import { DeadLetters, Delivery, Redrive, Replay, StartedReplay } from './answers/deliveries.ts';
import { Action, Erasure, Reconciliation } from './answers/operators.ts';
import {
  CancellingOrder,
  OperatorsOrder,
  Order,
  ParkedOrder,
  PlacedOrder,
  ResumedOrder,
} from './answers/order.ts';
import { OperatorsTimeline, Timeline } from './answers/timeline.ts';
import type { Audience } from './audience.ts';
import type { ProblemName } from './problems.ts';
import { Customer } from './requests/customer.ts';
import { Email } from './requests/email.ts';
import { IdempotencyKey } from './requests/headers.ts';
import { OrderId } from './requests/order-id.ts';
import { LENGTH, Limit } from './requests/paging.ts';
import { PlaceOrder } from './requests/place-order.ts';
import { ProviderNotice } from './requests/provider-notice.ts';
import { ReplayId } from './requests/replay-id.ts';
import { ResumeOrder } from './requests/resume-order.ts';
import { StartReplay } from './requests/start-replay.ts';
import { STATUSES } from './requests/statuses.ts';
import type { AnswerOf, Route } from './route.ts';

const anOrder = z.object({ orderId: OrderId.meta({ description: "The order's id." }) });

const page = z.object({
  limit: Limit.meta({
    description: 'How many at most.',
    // What is taken is a text, of which zod tells no more than its form.
    override: { type: 'integer', pattern: undefined, ...LENGTH },
  }),
  cursor: z
    .string()
    .meta({ description: 'The `next` of an earlier page of the same list. Absent: the first page.' })
    .optional(),
});

/** A page of a list: `next`, where there is more, is the `cursor` of the next one. */
const pageOf = <List extends z.ZodRawShape>(list: List) =>
  z.object({
    ...list,
    next: z.string().meta({ description: 'Where there is more: the `cursor` of the next page.' }).optional(),
  });

/** Of a route with a body. */
const UNREADABLE = ['not-json', 'invalid-fields', 'body-too-large'] as const satisfies ProblemName[];
const UNCANCELLABLE = [
  'order-not-found',
  'order-in-progress',
  'order-already-cancelled',
  'parcel-dispatched',
] as const satisfies ProblemName[];

/** What any route of an audience, or of a provider, may answer. */
export const EVERYWHERE = {
  customers: ['unauthenticated', 'internal-error'],
  operators: ['unauthenticated', 'not-an-operator', 'internal-error'],
  providers: ['internal-error'],
} as const satisfies Readonly<Record<Audience | 'providers', ProblemName[]>>;

/**
 * Every route, as API Gateway names it (`METHOD /path/{variable}`), of the API of its audience (`audience.ts`): the stack
 * gives each its function by it, the handlers answer what it says, and the OpenAPI document is made of it.
 */
export const ROUTES = {
  'POST /orders': {
    function: 'place-order',
    operationId: 'placeOrder',
    summary: 'Place an order',
    headers: z.object({
      'Idempotency-Key': IdempotencyKey.meta({
        description:
          '1 to 128 printable ASCII characters without spaces. Calls under one key make one order.',
      }).optional(),
      'X-Customer-Email': Email.meta({
        description:
          "Where the stage's customers call by the shop's backend: where mail about the order goes. It counts of nobody else: of a customer with a token the issuer says it (the claim `email`).",
      }).optional(),
    }),
    body: PlaceOrder,
    status: 202,
    answer: PlacedOrder,
    location: '/orders/{orderId}',
    problems: [...UNREADABLE, 'items-not-for-sale', 'idempotency-key-reused'],
  },
  'GET /orders': {
    function: 'list-orders',
    operationId: 'listOrders',
    summary: 'List orders',
    query: page,
    status: 200,
    answer: pageOf({ orders: z.array(Order).meta({ description: "The caller's, newest first." }) }),
    problems: ['invalid-fields'],
  },
  'GET /orders/{orderId}': {
    function: 'get-order',
    operationId: 'getOrder',
    summary: 'Look at an order',
    path: anOrder,
    status: 200,
    answer: Order,
    problems: ['order-not-found'],
  },
  'GET /orders/{orderId}/timeline': {
    function: 'get-order-timeline',
    operationId: 'getOrderTimeline',
    summary: 'The timeline of an order',
    path: anOrder,
    status: 200,
    answer: Timeline,
    problems: ['order-not-found'],
  },
  'POST /orders/{orderId}/cancel': {
    function: 'cancel-order',
    operationId: 'cancelOrder',
    summary: 'Cancel an order',
    path: anOrder,
    status: 202,
    answer: CancellingOrder,
    location: '/orders/{orderId}',
    problems: UNCANCELLABLE,
  },
  'POST /webhooks/payment': {
    function: 'payment-webhook',
    operationId: 'hearOfPayment',
    summary: 'Hear of a payment',
    isSigned: true,
    body: ProviderNotice,
    status: 200,
    answer: z.object({}),
    problems: ['not-from-provider', 'body-too-large'],
  },
  'GET /ops/orders': {
    function: 'list-all-orders',
    operationId: 'listAllOrders',
    summary: 'List all orders',
    query: page.extend({
      status: z.enum(STATUSES).meta({ description: 'Only those that are so.' }).optional(),
      customer: Customer.meta({ description: 'Only those of the customer with this id.' }).optional(),
    }),
    status: 200,
    answer: pageOf({
      orders: z.array(OperatorsOrder).meta({ description: "Every customer's, newest first." }),
    }),
    problems: ['invalid-fields'],
  },
  'GET /ops/orders/{orderId}': {
    function: 'get-order',
    operationId: 'getAnyOrder',
    summary: 'Any order',
    path: anOrder,
    status: 200,
    answer: OperatorsOrder,
    problems: ['order-not-found'],
  },
  'GET /ops/orders/{orderId}/timeline': {
    function: 'get-order-timeline',
    operationId: 'getAnyOrderTimeline',
    summary: 'Any order',
    path: anOrder,
    status: 200,
    answer: OperatorsTimeline,
    problems: ['order-not-found'],
  },
  'POST /ops/orders/{orderId}/cancel': {
    function: 'cancel-order',
    operationId: 'cancelAnyOrder',
    summary: 'Any order',
    path: anOrder,
    status: 202,
    answer: CancellingOrder,
    location: '/ops/orders/{orderId}',
    problems: UNCANCELLABLE,
  },
  'GET /ops/orders/parked': {
    function: 'list-parked-orders',
    operationId: 'listParkedOrders',
    summary: 'List parked orders',
    query: page,
    status: 200,
    answer: pageOf({ orders: z.array(ParkedOrder).meta({ description: 'The longest first.' }) }),
    problems: ['invalid-fields'],
  },
  'POST /ops/orders/{orderId}/resume': {
    function: 'resume-order',
    operationId: 'resumeOrder',
    summary: 'Let a parked order go on',
    path: anOrder,
    body: ResumeOrder,
    status: 202,
    answer: ResumedOrder,
    problems: [...UNREADABLE, 'order-not-found', 'order-not-parked', 'order-being-resumed'],
  },
  'POST /ops/orders/{orderId}/erase': {
    function: 'erase-order',
    operationId: 'eraseOrder',
    summary: 'Erase personal data',
    path: anOrder,
    status: 200,
    answer: Erasure,
    problems: ['order-not-found', 'order-in-progress'],
  },
  'POST /ops/reconcile': {
    function: 'reconcile-now',
    operationId: 'reconcile',
    summary: 'Reconcile',
    status: 200,
    answer: Reconciliation,
    problems: ['reconciliation-under-way'],
  },
  'GET /ops/actions': {
    function: 'list-actions',
    operationId: 'listActions',
    summary: 'What operators have asked for',
    query: page,
    status: 200,
    answer: pageOf({ actions: z.array(Action).meta({ description: 'Newest first.' }) }),
    problems: ['invalid-fields'],
  },
  'GET /ops/deliveries/{correlationId}': {
    function: 'list-deliveries',
    operationId: 'listDeliveries',
    summary: 'Look at deliveries',
    path: z.object({ correlationId: z.string().meta({ description: 'What has caused them.' }) }),
    query: page,
    status: 200,
    answer: pageOf({
      deliveries: z
        .array(Delivery)
        .meta({ description: 'Order by order; within a page as they were last begun.' }),
    }),
    problems: ['invalid-fields'],
  },
  'GET /ops/dead-letters': {
    function: 'list-dead-letters',
    operationId: 'listDeadLetters',
    summary: 'Look at dead letters',
    status: 200,
    answer: z.object({ listeners: z.array(DeadLetters).meta({ description: 'All of them.' }) }),
    problems: [],
  },
  'POST /ops/listeners/{listener}/redrive': {
    function: 'redrive-listener',
    operationId: 'redriveListener',
    summary: 'Redrive a listener',
    path: z.object({ listener: z.string().meta({ description: 'The listener: `notify-customer`, ...' }) }),
    status: 200,
    answer: Redrive,
    problems: ['listener-not-found'],
  },
  'POST /ops/replays': {
    function: 'start-replay',
    operationId: 'startReplay',
    summary: 'Replay events',
    body: StartReplay,
    status: 202,
    answer: StartedReplay,
    location: '/ops/replays/{replay}',
    problems: [...UNREADABLE, 'listener-not-found'],
  },
  'GET /ops/replays/{replay}': {
    function: 'get-replay',
    operationId: 'getReplay',
    summary: 'Follow a replay',
    path: z.object({ replay: ReplayId.meta({ description: 'The name of the replay.' }) }),
    status: 200,
    answer: Replay,
    problems: ['replay-not-found'],
  },
} as const satisfies Readonly<Record<`${'GET' | 'POST'} /${string}`, Route>>;

export type RouteKey = keyof typeof ROUTES;

/** What the handler of a route answers where all is well; of several routes, what it answers at any of them. */
export type AnswerTo<Key extends RouteKey> = AnswerOf<(typeof ROUTES)[Key]>;
