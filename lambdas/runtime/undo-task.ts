import * as z from 'zod';
import { Instant } from '../../events/instant.ts';
import { OrderTask, task } from './task.ts';

/** An undo that an operator has settled by hand: it is recorded, and not done again. */
export const Resolution = z.object({ note: z.string().min(1), by: z.string().min(1), at: Instant });
export type Resolution = z.infer<typeof Resolution>;

/** What an undo is asked: its order, and, by the undo's state name, what was settled by hand. */
const UndoInput = OrderTask.extend({ resolutions: z.record(z.string(), Resolution) });

export interface Undo {
  readonly orderId: string;
  readonly correlationId: string;
  /** Given, the undo records it instead of acting. */
  readonly resolution: Resolution | undefined;
}

/** The boundary of an undo. @param state its state's name, under which a resolution is filed */
export const undoTask = (state: string, undo: (order: Undo) => Promise<void>) =>
  task(UndoInput, ({ orderId, correlationId, resolutions }) =>
    undo({ orderId, correlationId, resolution: resolutions[state] }),
  );
