import type { Command } from './command.ts';
import { actions } from './commands/actions.ts';
import { cancel } from './commands/cancel.ts';
import { deadLetters } from './commands/dead-letters.ts';
import { deliveries } from './commands/deliveries.ts';
import { erase } from './commands/erase.ts';
import { eraseCustomer } from './commands/erase-customer.ts';
import { orders } from './commands/orders.ts';
import { parked } from './commands/parked.ts';
import { reconcile } from './commands/reconcile.ts';
import { redrive } from './commands/redrive.ts';
import { replay } from './commands/replay.ts';
import { replayState } from './commands/replay-state.ts';
import { resume } from './commands/resume.ts';
import { show } from './commands/show.ts';
import { timeline } from './commands/timeline.ts';

/** By name, in the order in which the help lists them. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    orders,
    show,
    timeline,
    parked,
    resume,
    cancel,
    erase,
    'erase-customer': eraseCustomer,
    deliveries,
    'dead-letters': deadLetters,
    redrive,
    replay,
    'replay-state': replayState,
    reconcile,
    actions,
  }),
);
