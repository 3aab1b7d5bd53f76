import { ResumeOrder } from '../../../api/requests/resume-order.ts';
import type { AnswerTo } from '../../../api/routes.ts';
import { KEEP } from '../../../saga/steps.ts';
import { ActionsEnv, onRecord } from '../../runtime/actions.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { Problem } from '../../runtime/problem.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { type Workflow, WorkflowEnv, workflow } from '../workflow/workflow.ts';
import { orderOf } from './order-of.ts';
import { notesIn, refusalOf } from './resume-order-body.ts';

/** Longer than a function may run: whoever recorded an earlier word has died. */
const STALE_MS = 15_000;

const notParked = (orderId: string) => new Problem('order-not-parked', `order ${orderId} is not parked`);

interface Deps {
  readonly orders: Pick<OrderTable, 'get' | 'resume' | 'doubtResumption' | 'unpark'>;
  readonly workflow: Pick<Workflow, 'wake' | 'runs' | 'recover'>;
}

/** An operator lets a parked order go on. If several do at once, the first counts. */
export const resumeOrder =
  ({ orders, workflow }: Deps) =>
  async (call: ApiCall): Promise<AnswerTo<'POST /ops/orders/{orderId}/resume'>> => {
    const body = call.body(ResumeOrder);
    const order = await orderOf(orders, call);
    const { orderId, parking, parkedAt } = order;
    if (!parking || !parkedAt) throw notParked(orderId);
    const refusal = refusalOf(body, parking);
    if (refusal) throw new Problem('invalid-fields', `order ${orderId} cannot go on so`, [refusal]);

    const now = Date.now();
    const signature = { by: call.callerId, at: new Date(now).toISOString() };
    const notes = notesIn(body);
    const signed = Object.entries(notes).map(([state, note]) => [state, { note, ...signature }]);
    // Keeping the order applies to this wait alone: its event is identified by the wait's beginning.
    const { [KEEP]: _, ...earlier } = parking.resolutions;
    const { [KEEP]: kept, ...resolutions } = Object.fromEntries(signed);
    const settled = { ...earlier, ...resolutions, ...(kept && { [KEEP]: { ...kept, parkedAt } }) };
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
    // Woken first: if we die in between, the order's next wait, or its end, replaces this one. A dead token proves
    // nothing: the order may already wait with a later one that is not on record yet.
    if (isWoken || !parking.token) await orders.unpark(orderId, parkedAt, parking);
    else await orders.doubtResumption(orderId, parkedAt, resumption);
    // If a word is repeated, an earlier one may have woken the workflow already.
    if (!isWoken && word === 'first') throw notParked(orderId);
    return { status: 202, body: { orderId, resumed: parking.state } };
  };

/** The execution itself has ended, and recovery has given up: the operator asks for another try. */
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
