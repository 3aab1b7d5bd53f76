import * as z from 'zod';
import type { AnswerTo } from '../../api/routes.ts';
import { ActionsEnv, type ActionTable, actionTable } from '../runtime/actions.ts';
import { type ApiCall, api } from '../runtime/api.ts';
import { env } from '../runtime/env.ts';
import { cursorOf, keyIn, limitOf } from '../runtime/paging.ts';

const LIST = 'actions';
const KeyPart = z.string().regex(/^[\x21-\x7e]{1,255}$/);
const Key = z.strictObject({ actors: KeyPart, action: KeyPart });

/** What operators have asked for, the newest first, and who it was. */
export const listActions =
  (actions: Pick<ActionTable, 'page'>) =>
  async (call: ApiCall): Promise<AnswerTo<'GET /ops/actions'>> => {
    const { actions: found, next } = await actions.page(limitOf(call), keyIn(call, LIST, Key));
    return { status: 200, body: { actions: found, ...(next && { next: cursorOf(LIST, next) }) } };
  };

export const handler = api(listActions(actionTable(env(ActionsEnv).ACTIONS_TABLE)));
