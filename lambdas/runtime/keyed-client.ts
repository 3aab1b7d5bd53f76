import { secretText } from './secret.ts';

/**
 * A provider's client whose key is a secret: made anew where the key has become another one.
 * @param secret the secret's ARN
 */
export const keyedClient = <Client>(secret: string, make: (key: string) => Client) => {
  let isDoubted = false;
  let latest: { readonly key: string; readonly client: Client } | undefined;
  return {
    client: async (): Promise<Client> => {
      const key = await secretText(secret, isDoubted);
      isDoubted = false;
      if (latest?.key !== key) latest = { key, client: make(key) };
      return latest.client;
    },
    /** The provider takes the key no more; it may have been rotated meanwhile: the next call asks for it anew. */
    doubt: (): void => {
      isDoubted = true;
    },
  };
};
