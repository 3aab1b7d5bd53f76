// What can be broken from outside by AWS's own means, and mended again.
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { paginateListStateMachines, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { stage, until } from './shop.ts';

// A throttle is what is waited for: nothing is asked again.
const lambda = new LambdaClient({ maxAttempts: 1 });
const stepFunctions = new SFNClient();

/** Whether Lambda runs a function, which finds at once that it was given nothing. */
const runs = async (FunctionName: string): Promise<boolean> => {
  try {
    await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'TooManyRequestsException') return false;
    throw error;
  }
};

/** While `work` is done a function is stopped, in all its versions: it has no concurrency. After that it is as it was. */
export const whileStopped = async <T>(construct: string, work: () => Promise<T>): Promise<T> => {
  const FunctionName = `order-saga-${stage}-${construct}`;
  const before = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  const reserve = (ReservedConcurrentExecutions: number) =>
    lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  const look = () => runs(FunctionName);
  await reserve(0);
  try {
    await until(`the stop of ${construct}`, look, (isRunning) => !isRunning);
    return await work();
  } finally {
    const { ReservedConcurrentExecutions: reserved } = before;
    await (reserved === undefined
      ? lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
      : reserve(reserved));
    await until(`${construct} again`, look, (isRunning) => isRunning);
  }
};

/** Ends an order's execution behind the workflow's back. */
export const stop = async (orderId: string): Promise<void> => {
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: stepFunctions }, {})) {
    const machine = stateMachines.find(({ name }) => name === `order-saga-${stage}-OrderFulfillment`);
    const executionArn = machine?.stateMachineArn?.replace(':stateMachine:', ':execution:');
    if (executionArn) {
      await stepFunctions.send(new StopExecutionCommand({ executionArn: `${executionArn}:${orderId}` }));
      return;
    }
  }
  throw new Error(`there is no workflow of stage ${stage}`);
};
