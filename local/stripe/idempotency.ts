import { invalidRequest, StripeError } from './stripe-error.ts';

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** An answer, and what its key did for it. */
export interface Served {
  readonly answer: Answer;
  /** A repeat gets it again. */
  readonly isRemembered: boolean;
  readonly isReplayed: boolean;
}

interface Remembered {
  readonly endpoint: string;
  readonly parameters: string;
  readonly since: number;
  /** There once the first request is done. */
  answer?: Answer;
}

/** Keys "can be removed from the system automatically after they're at least 24 hours old". */
const REMEMBERED_MS = 24 * 60 * 60 * 1_000;

/**
 * The idempotency keys of one account (https://docs.stripe.com/api/idempotent_requests,
 * https://docs.stripe.com/error-low-level#idempotency).
 * @param clock in milliseconds
 */
export const idempotency = (clock: () => number) => {
  const keys = new Map<string, Remembered>();

  const misused = (message: string, key: string) =>
    new StripeError(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used ${message}. Try using a key other than '${key}' if you meant to execute a different request.`,
    });

  return {
    forget: (): void => keys.clear(),

    /**
     * @param perform what it answers is remembered, an error too; what it throws was before the execution began, and is not
     * @throws StripeError where the key is taken
     */
    once: async (
      key: string | undefined,
      endpoint: string,
      parameters: string,
      perform: () => Promise<Answer>,
    ): Promise<Served> => {
      if (!key) return { answer: await perform(), isRemembered: false, isReplayed: false };
      if (key.length > 255) throw invalidRequest('Idempotency keys are up to 255 characters long.');
      for (const [old, { since }] of keys) if (clock() - since >= REMEMBERED_MS) keys.delete(old);
      const known = keys.get(key);
      if (known) {
        // Which comes first, this or the comparison below, is not documented; nor is the type of this error.
        if (!known.answer)
          throw invalidRequest(
            `There is currently another in-progress request using this Idempotent Key: ${key}`,
            { code: 'idempotency_key_in_use' },
            409,
          );
        if (known.endpoint !== endpoint)
          throw misused(`for the same endpoint they were first used for ('${known.endpoint}')`, key);
        if (known.parameters !== parameters)
          throw misused('with the same parameters they were first used with', key);
        return { answer: known.answer, isRemembered: true, isReplayed: true };
      }
      const entry: Remembered = { endpoint, parameters, since: clock() };
      keys.set(key, entry);
      try {
        entry.answer = await perform();
        return { answer: entry.answer, isRemembered: true, isReplayed: false };
      } catch (error) {
        keys.delete(key);
        throw error;
      }
    },
  };
};
export type Idempotency = ReturnType<typeof idempotency>;
