/** A fault as `POST /dev/faults` takes it, for the next order that starts. */
export type NewFault =
  | { readonly state: string; readonly fault: string; readonly attempt?: number }
  | { readonly listener: string; readonly fault: string; readonly times?: number };

/** A fault still to come. */
export interface PendingFault {
  readonly state?: string;
  readonly listener?: string;
  readonly fault: string;
  readonly attempt?: number;
  readonly orderId?: string;
}

/** What can go wrong with an attempt of a state's task, in words. */
export const STATE_FAULTS: Readonly<Record<string, string>> = {
  'error-before': 'fails before it has done anything',
  'error-after': 'does its work, and the answer is lost',
  'timeout-before': 'times out without having run',
  'timeout-after': 'times out, and finishes late',
  'reported-failed': 'is reported failed, and finishes late',
  throttle: 'is refused by Lambda',
  duplicate: 'runs twice at once',
  crash: 'dies on the way',
  abort: 'the whole workflow is aborted',
};

/** What can go wrong with a delivery, in words. */
export const LISTENER_FAULTS: Readonly<Record<string, string>> = {
  'deliver-twice': 'gets the event twice',
  'deliver-late': 'gets the event late',
  'listener-error': 'fails',
};
