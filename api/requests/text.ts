import * as z from 'zod';
import { holdsCardNumber } from './card-number.ts';

/** Nothing that one could see: spaces of every kind, fillers, the empty Braille pattern. */
const BLANK = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u;
/** Zero-width joiners are none of these: Persian and the scripts of India are written with them. */
const UNWANTED: readonly (readonly [pattern: RegExp, message: string])[] = [
  [BLANK, 'must not be blank'],
  [/[\p{Cc}\p{Zl}\p{Zp}]/u, 'must be one line without control characters'],
  [/\p{Cs}/u, 'must be well-formed Unicode: it holds half a character'],
  // Text that reads otherwise than it is: https://trojansource.codes
  [/\p{Bidi_Control}/u, 'must not hold characters that change the direction of writing'],
];

/**
 * A line of free text from outside that we keep, in any script; normalized (NFC), so that what looks the same is the same.
 * @param longest in characters (code points)
 */
export const Text = (longest: number) =>
  z
    .string()
    .normalize('NFC')
    .superRefine((text, context) => {
      const refuse = (message: string) => context.addIssue({ code: 'custom', message });
      const unwanted = UNWANTED.find(([pattern]) => pattern.test(text));
      if (unwanted) refuse(unwanted[1]);
      else if ([...text].length > longest) refuse(`must have at most ${longest} characters`);
      else if (holdsCardNumber(text)) refuse('must not hold a card number');
    })
    .meta({ minLength: 1, maxLength: longest });
