import * as z from 'zod';
import { ActionsEnv, onRecord } from '../runtime/actions.ts';
import { type ApiCall, api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { Problem } from '../runtime/problem.ts';
import { Text } from '../runtime/text.ts';
import { UNDOS } from './failure.ts';
import { type OrderTable, orderTable } from './order.ts';
import { orderOf } from './order-of.ts';
import { type Workflow, WorkflowEnv, workflow } from './workflow.ts';

const Note = z.strictObject({ note: Text(500) });

/** By the undo's state name: what was settled by hand, and is to be skipped. */
const ResumeOrderBody = z.strictObject({
  resolutions: z
    .strictObject(Object.fromEntries(UNDOS.map((undo) => [undo, Note.optional()])), {
      error: ({ code }) => (code === 'unrecognized_keys' ? `is not one of ${UNDOS.join(', ')}` : undefined),
    })
    .default({}),
});

/** Where an order waits for an undo; elsewhere it waits for a publication. */
const WITH_UNDOS = ['ParkUndo', 'Recovery'];

/** Longer than a function has: a word of before has been left half-way. */
const STALE_MS = 15_000;

const notParked = (orderId: string) => new Problem('order-not-parked', `order ${orderId} is not parked`);

interface Deps {
  readonly orders: Pick<OrderTable, 'get' | 'resume' | 'doubtResumption' | 'unpark'>;
  readonly workflow: Pick<Workflow, 'wake' | 'runs' | 'recover'>;
}

/** An operator's word to a parked order: go on. Of several at once the first counts. */
export const resumeOrder =
  ({ orders, workflow }: Deps) =>
  async (call: ApiCall) => {
    const { resolutions } = call.body(ResumeOrderBody);
    const order = await orderOf(orders, call);
    const { orderId, parking, parkedAt } = order;
    if (!parking || !parkedAt) throw notParked(orderId);
    if (Object.keys(resolutions).length > 0 && !WITH_UNDOS.includes(parking.state)) {
      throw new Problem(
        'invalid-fields',
        `order ${orderId} waits in ${parking.state}: there is no undo to settle`,
        [{ field: 'resolutions', message: 'must be empty' }],
      );
    }

    const now = Date.now();
    const signature = { by: call.customerId, at: new Date(now).toISOString() };
    const notes = Object.fromEntries(
      Object.entries(resolutions).flatMap(([undo, settled]) => (settled ? [[undo, settled.note]] : [])),
    );
    const signed = Object.entries(notes).map(([undo, note]) => [undo, { note, ...signature }]);
    const settled = { ...parking.resolutions, ...Object.fromEntries(signed) };
    const resumption = { state: parking.state, ...signature, notes };

    const staleBefore = new Date(now - STALE_MS).toISOString();
    const word = await orders.resume(orderId, parkedAt, resumption, staleBefore);
    if (word === 'lost')
      throw new Problem('order-being-resumed', `order ${orderId} is being resumed by someone else`);
    const asked = parking.token ? workflow.wake(parking.token, settled) : goOn(workflow, order, settled);
    const isWoken = await asked.catch(async (error) => {
      await orders.doubtResumption(orderId, parkedAt, resumption).catch(() => false);
      throw error;
    });
    // Woken first: where we die in between, the order's next wait, or its end, replaces this one. A dead token says nothing
    // of the order: it may wait by a later one that is not on record yet.
    if (isWoken || !parking.token) await orders.unpark(orderId, parkedAt, parking);
    else await orders.doubtResumption(orderId, parkedAt, resumption);
    // A repeated word finds the workflow awake because an earlier one has woken it.
    if (!isWoken && word === 'first') throw notParked(orderId);
    return { status: 202, body: { orderId, resumed: parking.state } };
  };

/** The execution itself has ended, and was not recovered any more: the operator asks for once more. */
const goOn = async (
  workflow: Deps['workflow'],
  order: Parameters<Workflow['recover']>[0],
  settled: object,
) => {
  const last = (await workflow.runs(order)).at(-1);
  return last?.end === 'ABNORMAL' && workflow.recover(order, last, true, settled as never);
};

const Env = WorkflowEnv.extend({ ...ActionsEnv.shape, ORDERS_TABLE: ResourceName });
const { ORDERS_TABLE, ACTIONS_TABLE, ...arns } = env(Env);
export const handler = api(
  onRecord({ ACTIONS_TABLE }, resumeOrder({ orders: orderTable(ORDERS_TABLE), workflow: workflow(arns) })),
);
