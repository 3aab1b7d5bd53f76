import type { DeliveryEntry, EventEntry, ParkingEntry, StepEntry } from '../api/answers/timeline.ts';

/** What there may be to tell of an entry, of whichever kind it is. */
export type Detail = Partial<
  StepEntry['detail'] & EventEntry['detail'] & DeliveryEntry['detail'] & ParkingEntry['detail']
>;

/** What something has come to, and so its colour; `told` is what was published, and heard. */
export type Tone = 'forward' | 'failed' | 'undone' | 'parked' | 'running' | 'told';
