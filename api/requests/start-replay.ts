import * as z from 'zod';
import { Instant } from '../../events/instant.ts';

export const StartReplay = z
  .strictObject({
    from: Instant.meta({ description: 'The archive goes back 90 days.' }),
    to: Instant.meta({ description: 'Later than `from`.' }),
    listener: z
      .string()
      .meta({ description: 'Only this one gets the events. Absent: every one that they match.' })
      .optional(),
  })
  .meta({ id: 'StartReplay' });
