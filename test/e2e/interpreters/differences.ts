import type { Entered } from './entered.ts';

/** In what two interpreters differ, though they take the same path; docs/engines.md tells who is right. */
export const DIFFERENCES = {
  /**
   * moto 5.2.5 makes a failed entry's cause of EventBridge's answer itself, and not of its text. A cause is a string:
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskFailedEventDetails.html
   */
  'the cause of a failed entry': {
    without: (entered: Entered): Entered => ({
      ...entered,
      input: JSON.parse(JSON.stringify(entered.input), (key, value) =>
        key === 'Cause' && typeof value === 'object' ? JSON.stringify(value) : value,
      ),
    }),
  },
} as const;
export type DifferenceName = keyof typeof DIFFERENCES;
