import { createInterface } from 'node:readline/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Engine } from './engine.ts';

/** Where the stage is: account and region, of the id of its stack. @throws Error in one sentence */
const placeOf = async (stage: string): Promise<string> => {
  const StackName = `order-saga-${stage}`;
  try {
    const { Stacks } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName }));
    const [, , , region, account] = Stacks?.[0]?.StackId?.split(':') ?? [];
    return `account ${account}, ${region}`;
  } catch (error) {
    throw new Error(`stage ${stage} is not to be found: ${(error as Error).message}`);
  }
};

const announcement = (stage: string, place: string): string => `
On AWS, in ${place}, the stage ${stage} is going to
  - be given the products of local/seed.json, as far as they are not on sale, and a customer, e2e, in its user pool
  - be sent some fifteen orders of small things; what one of them calls, and AWS bills, "npm run bench" counts
  - have RefundPayment, NotifyCustomer and RecoverOrder stopped, one at a time and for minutes: others' orders suffer by it
  - have two executions of its workflow stopped, and a few minutes of its archive replayed to all listeners
It takes about half an hour, as waits are AWS's own. What was placed stays, and so does the dead letter of an end that
RecoverOrder was not told of; a function that was stopped is as it was.
`;

/** @throws Error where nobody says yes */
const consent = async (isGiven: boolean): Promise<void> => {
  if (isGiven) return;
  if (!process.stdin.isTTY) throw new Error('nobody is there to ask: --yes goes without');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Go on? [y/N] ');
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error('nothing was done');
};

export const aws: Engine = {
  summary: 'AWS itself: a stage that is deployed, in the account and region of the shell; asks first',
  usage: '--stage STAGE [--yes]',
  options: ['stage', 'yes'],
  start: async ({ stage, yes }) => {
    if (typeof stage !== 'string') throw new Error('which stage? --stage dev');
    // Its orders are real: they are charged, and sent.
    if (stage === 'prod') throw new Error('not on stage prod: an order placed there is a real one');
    console.log(announcement(stage, await placeOf(stage)));
    await consent(yes === true);
    return { stage, timeScale: 1, environment: {}, stop: async () => {} };
  },
};
