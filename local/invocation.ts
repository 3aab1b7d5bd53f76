/** What the main thread sends: an event to handle, how long there is for it, and how far the handler's clock is ahead of ours. */
export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  readonly deadline: number;
  readonly aheadMs: number;
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
