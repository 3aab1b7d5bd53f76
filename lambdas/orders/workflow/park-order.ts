import * as z from 'zod';
import { env, ResourceName } from '../../runtime/env.ts';
import { publisher } from '../../runtime/event-bus.ts';
import { OrderTask, task } from '../../runtime/task.ts';
import { Resolution } from '../../runtime/undo-task.ts';
import { EnteredState } from '../../runtime/wait.ts';
import { goOnFrom } from '../go-on-from.ts';
import { orderTable } from '../order-table.ts';
import { type ParkingDeps, parkAndPublish } from './park-and-publish.ts';

const ParkOrderInput = OrderTask.extend({
  customerId: z.string().min(1),
  /** The state that waits. */
  state: z.string().min(1),
  /** The name of the error that persisted. */
  error: z.string().min(1),
  entered: EnteredState,
  /** Wakes the workflow. */
  token: z.string().min(1),
  resolutions: z.record(z.string(), Resolution),
});

/** Leaves the order to an operator. The workflow waits for `resume-order`, or for a day. */
export const parkOrder =
  (deps: ParkingDeps) =>
  async ({
    state,
    error,
    entered,
    token,
    resolutions,
    ...order
  }: z.infer<typeof ParkOrderInput>): Promise<void> => {
    const wait = { parkedAt: entered.EnteredTime, retries: entered.RetryCount };
    await parkAndPublish(deps, order, wait, { state, error, token, resolutions }, goOnFrom(state));
  };

const { ORDERS_TABLE, ORDER_BUS } = env(z.object({ ORDERS_TABLE: ResourceName, ORDER_BUS: ResourceName }));
export const handler = task(
  ParkOrderInput,
  parkOrder({ orders: orderTable(ORDERS_TABLE), publish: publisher(ORDER_BUS) }),
);
