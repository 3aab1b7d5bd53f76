import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { operatorApi } from '../../ops/operator-api.ts';

let fetched: jest.SpiedFunction<typeof fetch>;
beforeEach(() => {
  fetched = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({}));
});
afterEach(() => fetched.mockRestore());

/** The credential scope that a call was signed for, `<region>/<service>`; undefined where it was not. */
const scopeOf = async (url: string, isStage: boolean): Promise<string | undefined> => {
  await operatorApi(url, isStage)('GET /ops/orders');
  const [input, init] = fetched.mock.calls[0] ?? [];
  const { headers } = new Request(input as string, init);
  return /Credential=test\/\d+\/([^/]+\/[^/]+)\//.exec(headers.get('authorization') ?? '')?.[1];
};

describe("an operator's call", () => {
  it.each([
    ['https://abc.execute-api.eu-central-1.amazonaws.com', false, 'eu-central-1/execute-api'],
    ['https://abc.execute-api.cn-north-1.amazonaws.com.cn', false, 'cn-north-1/execute-api'],
    // A domain of one's own, which names no region: the SDK's.
    ['https://orders.example.com', false, 'us-east-1/execute-api'],
    // An emulator's stage, found by its stack's outputs.
    ['http://localhost:4566', true, 'us-east-1/execute-api'],
    ['http://127.0.0.1:4566/restapis/abc', true, 'us-east-1/execute-api'],
  ])('of %s (a stage: %s) is signed for %s', async (url, isStage, scope) => {
    await expect(scopeOf(url, isStage)).resolves.toBe(scope);
  });

  it('goes below an address that has a path of its own', async () => {
    await operatorApi('http://127.0.0.1:4566/stages/dev/', false)('GET /ops/orders', {
      query: { limit: '1' },
    });
    expect(fetched.mock.calls[0]?.[0]).toBe('http://127.0.0.1:4566/stages/dev/ops/orders?limit=1');
  });

  it.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])(
    'of the local stack at %s is not signed',
    async (url) => {
      await expect(scopeOf(url, false)).resolves.toBeUndefined();
    },
  );
});
