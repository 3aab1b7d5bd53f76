import * as z from 'zod';
import { Instant } from '../../events/instant.ts';
import { OrderTask, task } from './task.ts';

/** An operator's note that an undo was settled by hand: it is recorded, and the undo is not done again. */
export const Resolution = z.object({ note: z.string().min(1), by: z.string().min(1), at: Instant });
export type Resolution = z.infer<typeof Resolution>;

/** The input of an undo: its order, and what was settled by hand, by the undo's state name. */
const UndoInput = OrderTask.extend({ resolutions: z.record(z.string(), Resolution) });

export interface Undo {
  readonly orderId: string;
  readonly correlationId: string;
  /** If given, the undo records it instead of acting. */
  readonly resolution: Resolution | undefined;
}

/** The boundary of an undo. @param state the name of its state, under which its resolution is found */
export const undoTask = (state: string, undo: (order: Undo) => Promise<void>) =>
  task(UndoInput, ({ orderId, correlationId, resolutions }) =>
    undo({ orderId, correlationId, resolution: resolutions[state] }),
  );
