/** What the main thread sends: an event to handle, and how long there is for it. */
export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  readonly deadline: number;
}

/** What comes back: a result, or an error as Lambda reports it. */
export interface Completion {
  readonly requestId: string;
  readonly result?: unknown;
  readonly error?: {
    readonly errorType: string;
    readonly errorMessage: string;
    readonly trace: readonly string[];
  };
}

/** What a thread says once: its code is loaded, or has failed to. */
export const LOADED = 'loaded';
