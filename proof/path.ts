import type { Shop } from '../testbed/shop.ts';
import { FORWARD, KEEPING, NEXT_WORKFLOW, PARKINGS, UNDO } from './saga.ts';

const TASKS = new Set([...FORWARD, ...UNDO, ...KEEPING, ...PARKINGS]);
const EXECUTIONS = 'arn:aws:states:us-east-1:000000000000:execution:order-saga-dev-';

interface Page {
  readonly events: readonly { readonly type: string; readonly stateEnteredEventDetails?: { name: string } }[];
  readonly nextToken?: string;
}

/** The tasks that an execution entered; undefined if there is no such execution. */
const tasksOf = async ({ stack }: Shop, executionArn: string): Promise<string[] | undefined> => {
  const tasks: string[] = [];
  let nextToken: string | undefined;
  do {
    const request = { executionArn, maxResults: 1_000, ...(nextToken && { nextToken }) };
    const page = await stack
      .call('AWSStepFunctions', 'GetExecutionHistory', request)
      .then((found) => found as Page)
      .catch((error: Error) => {
        if (error.name === 'ExecutionDoesNotExist') return undefined;
        throw error;
      });
    if (!page) return undefined;
    for (const { type, stateEnteredEventDetails } of page.events) {
      const name = stateEnteredEventDetails?.name ?? '';
      if (type === 'TaskStateEntered' && TASKS.has(name)) tasks.push(name);
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return tasks;
};

/**
 * The tasks that an order's workflows entered, in sequence: the saga's first, then those of each later workflow after a
 * `NEXT_WORKFLOW`.
 */
export const pathOf = async (shop: Shop, orderId: string): Promise<string[]> => {
  const path = (await tasksOf(shop, `${EXECUTIONS}OrderFulfillment:${orderId}`)) ?? [];
  for (let number = 1; ; number += 1) {
    const name = `${orderId}-${number}`;
    const more = await tasksOf(shop, `${EXECUTIONS}OrderContinuation:${name}`);
    if (!more) return path;
    path.push(NEXT_WORKFLOW, ...more);
  }
};
