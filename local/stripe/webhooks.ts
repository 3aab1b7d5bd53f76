import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StripeEvent } from './books.ts';
import type { StripeFaults } from './faults.ts';
import type { UnderWay } from './under-way.ts';

export interface WebhookEndpoint {
  /** Each signs every event: `whsec_…`, and while it is rolled the old one beside the new one. */
  readonly secrets: readonly string[];
  /** @returns whether it was answered with a 2xx */
  readonly send: (headers: Readonly<Record<string, string>>, body: string) => Promise<boolean>;
}

/** An endpoint at an address. A redirect is a failure (https://docs.stripe.com/webhooks). */
export const endpointAt = (url: string, ...secrets: readonly string[]): WebhookEndpoint => ({
  secrets,
  send: async (headers, body) => {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
    await answer.arrayBuffer();
    return answer.ok;
  },
});

/**
 * "Three times over a few hours": so often Stripe tries again in a sandbox (https://docs.stripe.com/webhooks). The
 * intervals are not documented.
 */
const RETRIES = 3;
const RETRY_MS = 60 * 60 * 1_000;

/** The header `Stripe-Signature` (https://docs.stripe.com/webhooks/signature). */
const signature = (body: string, secrets: readonly string[], at: number): string =>
  [
    `t=${at}`,
    ...secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`),
  ].join(',');

/**
 * Delivers events to the endpoints, each at least once, in no certain order.
 * @param clock in milliseconds
 */
export const webhooks = (clock: () => number, faults: StripeFaults, { start, after, signal }: UnderWay) => {
  const endpoints: WebhookEndpoint[] = [];
  /** Events that let the next one go first. */
  let overtaken: StripeEvent[] = [];

  const deliver = async (event: StripeEvent, afterMs = 0): Promise<void> => {
    const body = JSON.stringify(event, null, 2);
    // Never before whoever has caused it goes on.
    await delay(afterMs, undefined, { signal });
    await Promise.all(
      endpoints.map(async ({ secrets, send }) => {
        // "Stripe generates the timestamp and signature each time it sends an event."
        const post = () =>
          send(
            {
              'content-type': 'application/json; charset=utf-8',
              'stripe-signature': signature(body, secrets, Math.floor(clock() / 1_000)),
            },
            body,
          ).catch(() => false);
        for (let retries = 0; !(await post()) && retries < RETRIES; retries += 1) await after(RETRY_MS);
      }),
    );
  };

  return {
    add: (endpoint: WebhookEndpoint): void => {
      endpoints.push(endpoint);
    },
    publish: (event: StripeEvent): void => {
      if (endpoints.length === 0) return;
      const { orderId } = event.data.object.metadata ?? {};
      const found = faults.ofEvent(event.type, orderId);
      if (found?.fault === 'event-lost') return;
      if (found?.fault === 'event-overtaken') return void overtaken.push(event);
      const waiting = overtaken;
      overtaken = [];
      const first = deliver(event, found?.fault === 'event-late' ? (found.ms ?? 1_000) : 0);
      start(
        orderId,
        first.then(() => Promise.all(waiting.map((each) => deliver(each)))),
      );
      if (found?.fault === 'event-twice') start(orderId, deliver(event));
    },
  };
};
