import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StripeEvent } from './books.ts';
import type { StripeFaults } from './faults.ts';

export interface WebhookEndpoint {
  readonly url: string;
  /** `whsec_…`: what signs its events. */
  readonly secret: string;
}

/**
 * "Three times over a few hours": so often Stripe tries again in a sandbox (https://docs.stripe.com/webhooks). The
 * intervals are not documented.
 */
const RETRIES = 3;
const RETRY_MS = 60 * 60 * 1_000;

/** The header `Stripe-Signature` (https://docs.stripe.com/webhooks/signature). */
const signature = (body: string, secret: string, at: number): string =>
  `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;

/**
 * Delivers events to the endpoints, each at least once, in no certain order.
 * @param clock in milliseconds
 * @param timeScale what the time to the next try is multiplied by
 */
export const webhooks = (clock: () => number, timeScale: number, faults: StripeFaults) => {
  const endpoints: WebhookEndpoint[] = [];
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();
  const { signal } = closing;
  /** Events that let the next one go first. */
  let overtaken: StripeEvent[] = [];

  const post = async ({ url, secret }: WebhookEndpoint, body: string): Promise<boolean> => {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signature(body, secret, Math.floor(clock() / 1_000)),
        },
        body,
        signal,
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  };

  const deliver = async (event: StripeEvent, afterMs = 0): Promise<void> => {
    const body = JSON.stringify(event, null, 2);
    if (afterMs > 0) await delay(afterMs, undefined, { signal });
    await Promise.all(
      endpoints.map(async (endpoint) => {
        for (let retries = 0; !(await post(endpoint, body)) && retries < RETRIES; retries += 1)
          await delay(RETRY_MS * timeScale, undefined, { signal });
      }),
    );
  };

  const start = (delivery: Promise<void>): void => {
    const ended: Promise<void> = delivery.catch(() => {}).finally(() => underWay.delete(ended));
    underWay.add(ended);
  };

  return {
    add: (endpoint: WebhookEndpoint): void => {
      endpoints.push(endpoint);
    },
    publish: (event: StripeEvent): void => {
      if (endpoints.length === 0) return;
      const found = faults.ofEvent(event.type, event.data.object.metadata?.orderId);
      if (found?.fault === 'event-lost') return;
      if (found?.fault === 'event-overtaken') return void overtaken.push(event);
      const waiting = overtaken;
      overtaken = [];
      const first = deliver(event, found?.fault === 'event-late' ? (found.ms ?? 1_000) : 0);
      start(first.then(() => Promise.all(waiting.map((each) => deliver(each)))).then(() => {}));
      if (found?.fault === 'event-twice') start(deliver(event));
    },
    /** Once no delivery is under way. */
    settled: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close: (): void => closing.abort(),
  };
};
