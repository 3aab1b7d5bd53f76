/** A state that was entered, and with what. */
export interface Entered {
  /** Which of the order's executions: 0 is the saga. */
  readonly execution: number;
  readonly state: string;
  readonly input: unknown;
}
