/**
 * What the main thread sends: an event to handle, the time left for it, and how far the handler's clock is ahead of
 * ours.
 */
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

/** A handler's call of AWS, by its number in the thread. */
export interface Call {
  readonly call: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The outcome of a call; without an answer the connection has ended. */
export interface CallAnswer {
  readonly call: number;
  readonly answer?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly body: string | Uint8Array;
  };
}

/** What a thread sends once: its code is loaded, or has failed to load. */
export const LOADED = 'loaded';
