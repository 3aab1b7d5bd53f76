import easypostModule from '@easypost/api';
import { keyedClient } from '../runtime/keyed-client.ts';
import { AddressUndeliverableError, CarrierRequestRefusedError, CarrierUnavailableError } from './errors.ts';

// Its types are those of its CommonJS file, where the client is the member `default`; here it is the default itself.
const EasyPost = easypostModule as unknown as typeof easypostModule.default;
type EasyPost = InstanceType<typeof EasyPost>;

/** Three calls and a purchase, which asks the carrier itself, and ours of AWS beside them, fit into a function's ten seconds. */
const WAITS_MS = 1_700;
const PURCHASE_WAITS_MS = 4_000;

/** An error in EasyPost's own words: https://docs.easypost.com/docs/errors */
interface Explained {
  readonly code: string;
  readonly statusCode: number;
}
const isExplained = (error: unknown): error is Explained =>
  error instanceof Error && 'statusCode' in error && 'code' in error && typeof error.code === 'string';

/** The purchase may have been made, or another call is making it: the next attempt sees. */
const UNDECIDED = [
  'SHIPMENT.PURCHASE.IN_PROGRESS',
  'SHIPMENT.POSTAGE.NO_RESPONSE',
  'SHIPMENT.POSTAGE.TIMED_OUT',
];

const isTransient = ({ code, statusCode }: Explained): boolean =>
  [408, 429].includes(statusCode) || statusCode >= 500 || UNDECIDED.includes(code);

/** @param secret the ARN of the secret that holds the API key */
export const easypostCalls = (secret: string) => {
  const { client, doubt } = keyedClient(
    secret,
    (key) =>
      new EasyPost(key, {
        // Of its option `timeout` the client makes no use.
        requestMiddleware: (request) =>
          request.timeout(request.url.endsWith('/buy') ? PURCHASE_WAITS_MS : WAITS_MS),
      }),
  );

  /**
   * Asks EasyPost, and names what it answers. No message of it is passed on: it may quote the address.
   * @param refused what is to become of a call that is refused by such a code
   * @throws CarrierUnavailableError, AddressUndeliverableError, CarrierRequestRefusedError
   */
  return async <Answer>(
    orderId: string,
    call: (easypost: EasyPost) => Promise<Answer>,
    refused: Readonly<Record<string, () => Promise<Answer>>> = {},
  ): Promise<Answer> => {
    const easypost = await client();
    try {
      return await call(easypost);
    } catch (error) {
      // No answer, or one that is not EasyPost's: of a page of a gateway the client makes a TypeError.
      if (!isExplained(error)) throw new CarrierUnavailableError(orderId);
      const { code, statusCode } = error;
      if (statusCode === 401) doubt();
      if (statusCode === 401 || isTransient(error)) throw new CarrierUnavailableError(orderId);
      const instead = refused[code];
      if (instead) return instead();
      if (code.startsWith('ADDRESS.')) throw new AddressUndeliverableError(orderId, `refused as ${code}`);
      throw new CarrierRequestRefusedError(orderId, code);
    }
  };
};
