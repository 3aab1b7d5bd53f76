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

it('asks the double of a provider in its place, of others themselves, and in the end the provider again', async () => {
  const double = await serveHttp(0, async ({ method, url, headers, body }) => ({
    status: 200,
    headers: {},
    body: `${method} ${url.pathname}${url.search} ${headers.host} ${headers['x-a']} ${body}`,
  }));
  const end = askDoubles({ 'provider.invalid': double.url });
  await expect(answerOf('provider.invalid')).resolves.toBe('POST /v1/things?a=b provider.invalid b body');
  // The double speaks no TLS.
  await expect(answerOf('127.0.0.1', Number(new URL(double.url).port))).rejects.toThrow();
  end();
  await expect(answerOf('provider.invalid')).rejects.toMatchObject({
    code: expect.stringMatching(/^E/),
  });
  await double.close();
});
