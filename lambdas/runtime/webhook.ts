import { type ApiAnswer, answering, bytesOf } from './answering.ts';

/** What a provider tells us by itself: it has no caller but the one who has signed it. */
export interface WebhookCall {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it came, to the byte: it is what was signed. */
  readonly body: string;
}

/** The boundary of a route that a provider calls. */
export const webhook = (work: (call: WebhookCall) => Promise<ApiAnswer>) =>
  answering((event) => work({ headers: event.headers, body: bytesOf(event).toString('utf8') }));
