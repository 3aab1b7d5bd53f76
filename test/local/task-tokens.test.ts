import { describe, expect, it } from '@jest/globals';
import { taskTokens } from '../../local/aws/step-functions/task-tokens.ts';
import { journal } from '../../local/journal.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Machine';
const tokens = taskTokens(journal(undefined));

const answered = (token: string, output = '{}') => {
  try {
    tokens.succeed(token, output);
    return 'taken';
  } catch (error) {
    return (error as Error).name;
  }
};

// By the errors of https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
describe('a token', () => {
  it('is taken once', async () => {
    const token = tokens.issue(MACHINE);
    const wait = tokens.wait(token, Infinity);
    expect(answered(token, '{"a":1}')).toBe('taken');
    await expect(wait).resolves.toEqual({ a: 1 });
    expect(answered(token)).toBe('TaskTimedOut');
  });

  it('is taken before its task waits for it: the function was quick', async () => {
    const token = tokens.issue(MACHINE);
    expect(answered(token)).toBe('taken');
    await expect(tokens.wait(token, Infinity)).resolves.toEqual({});
  });

  it('that was superseded, or whose execution has ended, is refused', () => {
    const token = tokens.issue(MACHINE);
    tokens.close(token);
    expect(answered(token)).toBe('TaskTimedOut');
  });

  it('whose wait is over is refused', async () => {
    const token = tokens.issue(MACHINE);
    await expect(tokens.wait(token, 1)).rejects.toMatchObject({ name: 'States.Timeout' });
    expect(answered(token)).toBe('TaskTimedOut');
  });

  it('that nobody has issued is none', () => {
    expect(answered('made-up')).toBe('InvalidToken');
  });

  it('is left as it is by an output that is no JSON', () => {
    const token = tokens.issue(MACHINE);
    expect(answered(token, '{')).toBe('InvalidOutput');
    expect(answered(token)).toBe('taken');
  });
});
