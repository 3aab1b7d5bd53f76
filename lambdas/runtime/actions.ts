import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Action } from '../../api/answers/operators.ts';
import type { ApiAnswer } from './answering.ts';
import type { ApiCall } from './api.ts';
import { documents } from './dynamodb.ts';
import { ResourceName } from './env.ts';
import { Problem } from './problem.ts';

export const ActionsEnv = z.object({ ACTIONS_TABLE: ResourceName });

/** Longer than anybody still looks into the books of a year. */
const REMEMBERED_DAYS = 400;

/** All in one partition, which takes a thousand writes a second: far more than people do by hand. */
const ALL = 'operators';

/** The actions table, by `actors`, which has one value, and `action` (`<at>#<requestId>`). */
export const actionTable = (TableName: string) => ({
  /**
   * Records what an operator asks for, before it is done, and then what became of it. Calls of customers are not
   * recorded.
   */
  record: async (call: ApiCall, work: () => Promise<ApiAnswer>): Promise<ApiAnswer> => {
    if (!call.isOperator) return work();
    const now = Date.now();
    const at = new Date(now).toISOString();
    const Key = { actors: ALL, action: `${at}#${call.requestId}` };
    const { callerId: by, session, route, correlationId } = call;
    const [on] = Object.values(call.path);
    const expiresAt = Math.floor(now / 1_000) + REMEMBERED_DAYS * 86_400;
    // Before anything else: what cannot be recorded is not done.
    await documents.send(
      new PutCommand({
        TableName,
        Item: { ...Key, at, by, session, route, on, correlationId, expiresAt },
      }),
    );
    const answered = (status: number) =>
      documents.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: 'SET #status = :status',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':status': status },
        }),
      );
    try {
      const answer = await work();
      await answered(answer.status).catch(() => {});
      return answer;
    } catch (error) {
      await answered(error instanceof Problem ? error.status : 500).catch(() => {});
      throw error;
    }
  },

  /** Newest first. */
  page: async (limit: number, from: Record<string, unknown> | undefined) => {
    const { Items = [], LastEvaluatedKey: next } = await documents.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'actors = :all',
        ExpressionAttributeValues: { ':all': ALL },
        ScanIndexForward: false,
        Limit: limit,
        ExclusiveStartKey: from,
      }),
    );
    const actions = Items.map(
      ({ at, by, session, route, on, correlationId, status }): Action => ({
        at,
        by,
        ...(session !== undefined && { session }),
        action: route,
        ...(on !== undefined && { on }),
        correlationId,
        ...(status !== undefined && { status }),
      }),
    );
    return { actions, ...(next && { next }) };
  },
});
export type ActionTable = ReturnType<typeof actionTable>;

/** For an operators' route that changes something: records who has asked for it. */
export const onRecord =
  ({ ACTIONS_TABLE }: z.infer<typeof ActionsEnv>, work: (call: ApiCall) => Promise<ApiAnswer>) =>
  (call: ApiCall): Promise<ApiAnswer> =>
    actionTable(ACTIONS_TABLE).record(call, () => work(call));
