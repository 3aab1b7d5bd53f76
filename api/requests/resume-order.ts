import * as z from 'zod';
import { UNDOS } from '../../saga/steps.ts';
import { Text } from './text.ts';

const Note = z.strictObject({ note: Text(500) });

export const ResumeOrder = z
  .strictObject({
    resolutions: z
      .strictObject(Object.fromEntries(UNDOS.map((undo) => [undo, Note.optional()])), {
        error: ({ code }) => (code === 'unrecognized_keys' ? `is not one of ${UNDOS.join(', ')}` : undefined),
      })
      .meta({ description: 'The undos that were settled by hand, and are to be skipped.' })
      .default({}),
    keep: Note.meta({ description: 'Nothing is undone: the parcel has left.' }).optional(),
  })
  .meta({ id: 'ResumeOrder' });
export type ResumeOrder = z.infer<typeof ResumeOrder>;
