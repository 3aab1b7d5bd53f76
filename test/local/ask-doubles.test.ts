import https from 'node:https';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { askDoubles } from '../../local/ask-doubles.ts';
import { serveHttp } from '../../local/http.ts';

const answerOf = (host: string, port?: number) =>
  new Promise<string>((resolve, reject) => {
    https
      .request({ host, port, method: 'POST', path: '/v1/things?a=b', headers: { 'x-a': 'b' } }, (response) =>
        resolve(text(response)),
      )
      .on('error', reject)
      .end('body');
  });

/** By a client's own means. */
const fetched = async (url: string) =>
  (await fetch(url, { method: 'POST', headers: { 'x-a': 'b' }, body: 'body' })).text();

it('asks the double of a provider in its place, of others themselves, and in the end the provider again', async () => {
  const double = await serveHttp(0, async ({ method, url, headers, body }) => ({
    status: 200,
    headers: {},
    body: `${method} ${url.pathname}${url.search} ${headers.host} ${headers['x-a']} ${body}`,
  }));
  const end = askDoubles({ 'provider.invalid': double.url });
  await expect(answerOf('provider.invalid')).resolves.toBe('POST /v1/things?a=b provider.invalid b body');
  await expect(fetched('https://provider.invalid/v1/things?a=b')).resolves.toBe(
    'POST /v1/things?a=b provider.invalid b body',
  );
  await expect(fetched(double.url)).resolves.toMatch(/^POST \/ 127\.0\.0\.1:\d+ b body$/);
  // The double speaks no TLS.
  await expect(answerOf('127.0.0.1', Number(new URL(double.url).port))).rejects.toThrow();
  end();
  await expect(answerOf('provider.invalid')).rejects.toMatchObject({
    code: expect.stringMatching(/^E/),
  });
  await expect(fetched('https://provider.invalid')).rejects.toThrow('fetch failed');
  await double.close();
});

it('has a fetch of a double fail as any other does: no answer, an answer without a body, nobody who waits for it', async () => {
  const double = await serveHttp(0, async ({ url: { pathname } }) => {
    if (pathname === '/silent') await new Promise(() => {});
    return pathname === '/nothing' ? { status: 204, headers: {}, body: '' } : undefined;
  });
  const end = askDoubles({ 'provider.invalid': double.url });
  await expect(fetch('https://provider.invalid/lost')).rejects.toThrow('fetch failed');
  await expect(fetch('https://provider.invalid/nothing')).resolves.toMatchObject({ status: 204 });
  await expect(
    fetch('https://provider.invalid/silent', { signal: AbortSignal.timeout(1) }),
  ).rejects.toMatchObject({ name: 'TimeoutError' });
  end();
  await double.close();
});
