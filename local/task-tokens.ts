import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';

interface Pending {
  readonly machineArn: string;
  readonly answered: Promise<unknown>;
  readonly answer: (output: unknown) => void;
  readonly refuse: (error: Error) => void;
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

/** The tokens by which workflows are woken (waitForTaskToken). A token serves once. */
export const taskTokens = () => {
  const byToken = new Map<string, Pending>();

  /** @throws AwsError where the token is unknown, used, or has timed out */
  const take = (token: string): Pending => {
    const pending = byToken.get(token);
    if (!pending)
      throw new AwsError('TaskTimedOut', 'Task Timed Out: the token was used, or its wait is over');
    byToken.delete(token);
    return pending;
  };

  return {
    issue: (machineArn: string): string => {
      const token = randomUUID();
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      promise.catch(() => {});
      byToken.set(token, { machineArn, answered: promise, answer: resolve, refuse: reject });
      return token;
    },
    /** Rejects with `States.Timeout` after `ms`. */
    wait: async (token: string, ms: number): Promise<unknown> => {
      const pending = byToken.get(token);
      if (!pending) throw named('States.Runtime', 'no token was asked for');
      const timer =
        ms < Infinity &&
        setTimeout(() => {
          byToken.delete(token);
          pending.refuse(named('States.Timeout', ''));
        }, ms);
      return pending.answered.finally(() => timer && clearTimeout(timer));
    },
    succeed: (token: string, output: string): void => take(token).answer(JSON.parse(output)),
    fail: (token: string, error: string, cause: string): void => take(token).refuse(named(error, cause)),
    /** Whose workflow a token wakes. */
    machineOf: (token: string): string | undefined => byToken.get(token)?.machineArn,
  };
};
export type TaskTokens = ReturnType<typeof taskTokens>;
