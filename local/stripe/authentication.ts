import type { HttpRequest, HttpResponse } from '../http.ts';
import type { Intent } from './books.ts';

/** Where the page is. Stripe's own library would show it within the shop's, by the intent's client secret. */
export const AUTHENTICATION_PATH = '/dev/stripe/authentication';

interface Intents {
  readonly bySecret: (clientSecret: string) => Intent | undefined;
  readonly settle: (id: string, isPaid: boolean) => void;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);

const page = (status: number, ...lines: readonly string[]): HttpResponse => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  },
  body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>3D Secure 2 test page</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem }
  button { font: inherit; padding: .5rem 1.25rem; margin-right: .5rem }
</style>
<h1>3D Secure 2 test page</h1>
${lines.join('\n')}
</html>
`,
});

/** The attempt to authenticate that is under way: a later confirmation begins another. */
const sourceOf = ({ next_action }: Intent): string =>
  String((next_action?.use_stripe_sdk as { source?: string } | undefined)?.source);

const question = (intent: Intent, path: string): HttpResponse =>
  page(
    200,
    `<p>A payment of ${intent.amount} (${intent.currency}, as Stripe counts it) wants its customer to authenticate.</p>`,
    `<form method="post" action="${escaped(path)}">`,
    `<input type="hidden" name="client_secret" value="${escaped(intent.client_secret ?? '')}">`,
    `<input type="hidden" name="source" value="${escaped(sourceOf(intent))}">`,
    '<button name="outcome" value="complete">Complete</button>',
    '<button name="outcome" value="fail">Fail</button>',
    '</form>',
  );

/**
 * The page on which a customer authenticates, after the one that Stripe's test cards lead to
 * (https://docs.stripe.com/testing#regulatory-cards): `GET ?client_secret=`, and `POST` of its form.
 */
export const authentication =
  ({ bySecret, settle }: Intents) =>
  ({ method, url, body }: HttpRequest): HttpResponse => {
    const sent = method === 'POST' ? new URLSearchParams(body.toString()) : url.searchParams;
    const intent = bySecret(sent.get('client_secret') ?? '');
    if (!intent) return page(404, '<p>There is no such payment.</p>');
    if (intent.status !== 'requires_action')
      return page(409, `<p>There is nothing to authenticate: the payment is ${intent.status}.</p>`);
    if (method !== 'POST') return question(intent, url.pathname);
    if (sent.get('source') !== sourceOf(intent))
      return page(409, '<p>This attempt is over: the payment was confirmed anew.</p>');
    const isDone = sent.get('outcome') === 'complete';
    settle(intent.id, isDone);
    return page(
      200,
      `<p>The authentication ${isDone ? 'is complete' : 'has failed'}. You can close this page.</p>`,
    );
  };
