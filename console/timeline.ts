/** An entry of `GET /ops/orders/{orderId}/timeline`. */
export interface TimelineEntry {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly kind: 'step' | 'event' | 'delivery' | 'parking';
  readonly name: string;
  readonly outcome: string;
  readonly detail: {
    readonly attempts?: number;
    readonly durationMs?: number;
    readonly error?: string;
    readonly message?: string;
    readonly workflow?: string;
    readonly eventId?: string;
    readonly type?: string;
    readonly by?: string;
    readonly note?: string;
  };
}

/** What something has come to, and so its colour; `told` is what was published, and heard. */
export type Tone = 'forward' | 'failed' | 'undone' | 'parked' | 'running' | 'told';
