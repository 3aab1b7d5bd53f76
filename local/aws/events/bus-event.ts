/** An event as rules see it and functions get it. */
export interface BusEvent {
  readonly id: string;
  readonly source: string | undefined;
  readonly time: string;
  readonly 'detail-type': string | undefined;
  readonly detail: unknown;
  readonly [field: string]: unknown;
}
