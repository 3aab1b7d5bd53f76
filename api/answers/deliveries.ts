import * as z from 'zod';
import type { Told } from '../told.ts';
import { Instant } from './order.ts';

export const Delivery = z
  .object({
    orderId: z.string().meta({ description: 'The order that the event is about.' }),
    correlationId: z.string().meta({ description: 'A client may give it to as many orders as it likes.' }),
    listener: z.string().meta({ description: 'The listener: `notify-customer`, ...' }),
    eventId: z.string().meta({ description: 'The event.' }),
    type: z.string().meta({ description: "The event's type." }),
    status: z.enum(['STARTED', 'DONE', 'FAILED', 'DEAD_LETTERED']).meta({
      description:
        '`FAILED`: and tried again. `DEAD_LETTERED`: it has failed as often as it is tried, and lies in the queue.',
    }),
    attempts: z.int().nonnegative().meta({
      description: 'How often it was begun, after redrives too; a repetition of what is done is none.',
    }),
    startedAt: Instant.meta({ description: 'Of the last attempt.' }),
    endedAt: Instant.meta({ description: 'Of the last attempt.' }).optional(),
    error: z
      .string()
      .meta({
        description: "The name of the last attempt's error; `FunctionDied` where it said nothing more.",
      })
      .optional(),
  })
  .meta({ id: 'Delivery', description: 'How one event fares with one listener.' });
export type Delivery = Told<typeof Delivery>;

export const DeadLetter = z
  .object({
    orderId: z
      .string()
      .meta({ description: 'Absent where what lies in the queue is no event of ours, as the two below.' })
      .optional(),
    eventId: z.string().meta({ description: 'Which event.' }).optional(),
    type: z.string().meta({ description: "The event's type." }).optional(),
    error: z.string().meta({
      description:
        "The name of the last attempt's error; where the function never ran, what kept the event from it: `EventAgeExceeded` of Lambda, `NO_PERMISSIONS`, `SDK_CLIENT_ERROR`, ... of EventBridge.",
    }),
    message: z.string().meta({ description: 'What it said.' }).optional(),
    since: Instant.meta({ description: 'Since when it lies there.' }),
  })
  .meta({ id: 'DeadLetter', description: 'An event that a listener could not be given.' });
export type DeadLetter = Told<typeof DeadLetter>;

export const DeadLetters = z
  .object({
    listener: z.string().meta({ description: 'The listener: `notify-customer`, ...' }),
    deadLetters: z.int().nonnegative().meta({ description: 'About how many: SQS does not know exactly.' }),
    letters: z.array(DeadLetter).meta({ description: 'Up to 50 of them.' }),
  })
  .meta({ id: 'DeadLetters', description: "What lies in a listener's queue." });
export type DeadLetters = Told<typeof DeadLetters>;

export const Redrive = z
  .object({
    redriven: z.int().nonnegative().meta({ description: 'How many were given again.' }),
    left: z
      .int()
      .nonnegative()
      .meta({ description: 'About how many are still there: call again until it is 0.' }),
  })
  .meta({ id: 'Redrive', description: 'What became of dead letters that were given again.' });

const ReplayName = z.string().meta({ description: 'The name of the replay.' });

export const StartedReplay = z
  .object({ replay: ReplayName })
  .meta({ id: 'StartedReplay', description: 'A replay that is under way.' });

export const Replay = z
  .object({
    replay: ReplayName,
    state: z
      .enum(['STARTING', 'RUNNING', 'CANCELLING', 'COMPLETED', 'CANCELLED', 'FAILED'])
      .meta({ description: "EventBridge's word." }),
  })
  .meta({ id: 'Replay', description: 'How far a replay is.' });
export type Replay = Told<typeof Replay>;
