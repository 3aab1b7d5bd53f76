import { randomUUID } from 'node:crypto';
import type { Journal } from '../../journal.ts';
import { AwsError } from '../aws-error.ts';

interface Pending {
  readonly machineArn: string;
  readonly answered: Promise<unknown>;
  readonly answer: (output: unknown) => void;
  readonly refuse: (error: Error) => void;
  used: boolean;
}

/** What the token's holder answered. It is kept after the workflow goes on, as that may have to be repeated. */
type Answer = { readonly output: unknown } | { readonly error: string; readonly cause: string };

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

/** The tokens that wake workflows (waitForTaskToken). Each serves once. */
export const taskTokens = (journal: Journal) => {
  const byToken = new Map<string, Pending>();
  const shelf = journal.shelf<Answer>('answers');
  const answeredBefore = new Map(shelf.found);

  /**
   * @throws AwsError InvalidToken if it was never issued; TaskTimedOut if it was used, is superseded, or its wait is
   *   over
   */
  const take = (token: string): Pending => {
    const pending = byToken.get(token);
    if (!pending) throw new AwsError('InvalidToken', 'Invalid token');
    // https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
    if (pending.used)
      throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    pending.used = true;
    return pending;
  };
  /** @throws AwsError InvalidOutput */
  const outputIn = (json: string): unknown => {
    try {
      return JSON.parse(json);
    } catch {
      throw new AwsError('InvalidOutput', 'Invalid Output: not a JSON text');
    }
  };

  const settle = (pending: Pending, answer: Answer): void => {
    if ('output' in answer) pending.answer(answer.output);
    else pending.refuse(named(answer.error, answer.cause));
  };
  const answer = (token: string, given: Answer): void => {
    const pending = take(token);
    shelf.put(token, given);
    settle(pending, given);
  };
  const expect = (token: string, machineArn: string): Pending => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    promise.catch(() => {});
    const pending = { machineArn, answered: promise, answer: resolve, refuse: reject, used: false };
    byToken.set(token, pending);
    return pending;
  };

  return {
    issue: (machineArn: string): string => {
      const token = randomUUID();
      expect(token, machineArn);
      return token;
    },
    /** A token that was issued before a restart, and may have been answered. */
    restore: (token: string, machineArn: string): void => {
      const pending = expect(token, machineArn);
      const given = answeredBefore.get(token);
      if (!given) return;
      pending.used = true;
      settle(pending, given);
    },
    /** Rejects with `States.Timeout` after `ms`. */
    wait: async (token: string, ms: number): Promise<unknown> => {
      const pending = byToken.get(token);
      if (!pending) throw named('States.Runtime', 'no token was asked for');
      const timer =
        ms < Infinity &&
        setTimeout(() => {
          pending.used = true;
          pending.refuse(named('States.Timeout', ''));
        }, ms);
      return pending.answered.finally(() => {
        if (timer) clearTimeout(timer);
        pending.used = true;
      });
    },
    succeed: (token: string, output: string): void => answer(token, { output: outputIn(output) }),
    /** Its task is over, or retried with another token. */
    close: (token: string): void => {
      const pending = byToken.get(token);
      if (pending) pending.used = true;
    },
    fail: (token: string, error: string, cause: string): void => answer(token, { error, cause }),
    /** Whether a workflow waits for it. */
    isLiving: (token: string): boolean => byToken.get(token)?.used === false,
    /** The ARN of the machine whose workflow a token wakes. */
    machineOf: (token: string): string | undefined => byToken.get(token)?.machineArn,
  };
};
export type TaskTokens = ReturnType<typeof taskTokens>;
