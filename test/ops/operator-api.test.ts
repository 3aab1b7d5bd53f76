import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { operatorApi } from '../../ops/operator-api.ts';

let fetched: jest.SpiedFunction<typeof fetch>;
beforeEach(() => {
  fetched = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({}));
});
afterEach(() => fetched.mockRestore());

/** The call that was made. */
const made = (): Request => new Request(...(fetched.mock.calls[0] as [string, RequestInit]));

/** Who has signed a call, and what it was signed for: `<access key> <region>/<service>`. */
const signatureOf = async (url: string, isStage: boolean): Promise<string> => {
  await operatorApi(url, isStage)('GET /ops/orders');
  const authorization = made().headers.get('authorization') ?? '';
  return authorization.replace(/^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d+\/([^/]+\/[^/]+)\/.*$/, '$1 $2');
};

describe("an operator's call", () => {
  it.each([
    ['https://abc.execute-api.eu-central-1.amazonaws.com', false, 'test eu-central-1/execute-api'],
    ['https://abc.execute-api.cn-north-1.amazonaws.com.cn', false, 'test cn-north-1/execute-api'],
    // A domain of one's own, which names no region: the SDK's.
    ['https://orders.example.com', false, 'test us-east-1/execute-api'],
    // An emulator's stage, found by its stack's outputs.
    ['http://localhost:4566', true, 'test us-east-1/execute-api'],
    ['http://127.0.0.1:4566/restapis/abc', true, 'test us-east-1/execute-api'],
  ])('of %s (a stage: %s) is signed as %s', async (url, isStage, signature) => {
    await expect(signatureOf(url, isStage)).resolves.toBe(signature);
  });

  it('goes below an address that has a path of its own', async () => {
    await operatorApi('http://127.0.0.1:4566/stages/dev/', false)('GET /ops/orders', {
      query: { limit: '1' },
    });
    expect(made().url).toBe('http://127.0.0.1:4566/stages/dev/ops/orders?limit=1');
  });

  it.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])(
    'of the local stack at %s is signed as the operator whom it knows',
    async (url) => {
      await expect(signatureOf(url, false)).resolves.toBe('local-operator us-east-1/execute-api');
    },
  );

  it('carries a token in the place of a signature, where there is one', async () => {
    await operatorApi('https://orders.example.com', true, 'x.y.z')('GET /ops/orders');
    expect(made().headers.get('authorization')).toBe('Bearer x.y.z');
  });
});
