/**
 * What can go wrong with a request:
 *
 *   rate-limit     429, before Stripe looks at the idempotency key
 *   error-before   500, before anything is done: nothing is remembered under the key
 *   error-after    500, after all is done: a repeat with the key gets the 500 again
 *   request-lost   the connection ends before Stripe has heard anything
 *   answer-lost    the connection ends after all is done
 *   delay-before   it is done late, after `ms`
 *   delay-after    it is done, and answered late
 *
 * and with the delivery of an event:
 *
 *   event-lost       it never arrives
 *   event-twice      it arrives twice
 *   event-late       it arrives after `ms`
 *   event-overtaken  it arrives after the next one
 */
export const REQUEST_FAULTS = [
  'rate-limit',
  'error-before',
  'error-after',
  'request-lost',
  'answer-lost',
  'delay-before',
  'delay-after',
] as const;
export const EVENT_FAULTS = ['event-lost', 'event-twice', 'event-late', 'event-overtaken'] as const;
export type RequestFault = (typeof REQUEST_FAULTS)[number];
export type EventFault = (typeof EVENT_FAULTS)[number];

export interface StripeFault {
  readonly fault: RequestFault | EventFault;
  /** The operation (`payment_intents.confirm`), or the type of the event, that it hits; any without. */
  readonly on?: string;
  /** What the metadata of what it hits name as order; any without. */
  readonly orderId?: string;
  /** How many it hits; 1 without. */
  readonly times?: number;
  /** Of what is late, how late; a second without. */
  readonly ms?: number;
}

const KINDS: readonly string[] = [...REQUEST_FAULTS, ...EVENT_FAULTS];

/** @throws Error naming every bad field */
export const parseStripeFault = (input: object): StripeFault => {
  const { fault, on, orderId, times, ms, ...unknown } = input as Record<string, unknown>;
  const problems = Object.keys(unknown).map((field) => `${field}: is not a known field`);
  if (!KINDS.includes(fault as string)) problems.push(`fault: must be one of ${KINDS.join(', ')}`);
  for (const [field, value] of Object.entries({ on, orderId }))
    if (value !== undefined && typeof value !== 'string') problems.push(`${field}: must be a string`);
  for (const [field, value] of Object.entries({ times, ms }))
    if (value !== undefined && !(Number.isInteger(value) && (value as number) > 0))
      problems.push(`${field}: must be a whole number from 1`);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return input as StripeFault;
};

/** The faults still to come. */
export const stripeFaults = () => {
  let planned: readonly StripeFault[] = [];
  const take = <Kind extends RequestFault | EventFault>(
    kinds: readonly Kind[],
    on: string,
    orderId: string | undefined,
  ): (StripeFault & { readonly fault: Kind }) | undefined => {
    const found = planned.find(
      (each) =>
        kinds.includes(each.fault as Kind) &&
        (each.on ?? on) === on &&
        (each.orderId === undefined || each.orderId === orderId),
    );
    if (!found) return undefined;
    const left = (found.times ?? 1) > 1 ? [{ ...found, times: (found.times ?? 1) - 1 }] : [];
    planned = planned.flatMap((each) => (each === found ? left : [each]));
    return found as StripeFault & { readonly fault: Kind };
  };
  return {
    add: (...faults: readonly StripeFault[]): void => {
      planned = [...planned, ...faults];
    },
    ofRequest: (operation: string, orderId: string | undefined) => take(REQUEST_FAULTS, operation, orderId),
    ofEvent: (type: string, orderId: string | undefined) => take(EVENT_FAULTS, type, orderId),
    pending: (): readonly StripeFault[] => planned,
    forget: (): void => {
      planned = [];
    },
  };
};
export type StripeFaults = ReturnType<typeof stripeFaults>;
