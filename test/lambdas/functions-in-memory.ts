import {
  InvokeCommand,
  type InvokeCommandInput,
  type InvokeCommandOutput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

type Payload = NonNullable<InvokeCommandOutput['Payload']>;

/** As the SDK hands an answer over: bytes that can tell their text. */
export const payload = (text: string): Payload => {
  const bytes = new TextEncoder().encode(text);
  return Object.assign(bytes, { transformToString: () => text }) as Payload;
};

/** Lambda behind the functions' own client: each function answers as it is given here. */
export const functionsInMemory = (answers: Readonly<Record<string, unknown>> = {}) => {
  const calls = mockClient(LambdaClient);
  calls.on(InvokeCommand).callsFake(async ({ FunctionName = '' }: InvokeCommandInput) => {
    if (!(FunctionName in answers)) throw new Error(`there is no function ${FunctionName}`);
    return { StatusCode: 200, Payload: payload(JSON.stringify(answers[FunctionName])) };
  });
  return {
    /** The client's stub: every call that was made; further answers can be set on it. */
    calls,
    /** A function fails, as Lambda tells its caller. */
    fail: (errorType: string) => {
      calls.on(InvokeCommand).resolves({
        StatusCode: 200,
        FunctionError: 'Unhandled',
        Payload: payload(JSON.stringify({ errorType, errorMessage: 'no' })),
      });
    },
    invoked: () =>
      calls
        .commandCalls(InvokeCommand)
        .map(({ args: [{ input }] }) => [input.FunctionName, JSON.parse(String(input.Payload))]),
  };
};
export type FunctionsInMemory = ReturnType<typeof functionsInMemory>;
