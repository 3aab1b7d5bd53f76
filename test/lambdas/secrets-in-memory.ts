import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';

/** Secrets Manager behind the functions' own client. */
export const secretsInMemory = () => {
  const calls = mockClient(SecretsManagerClient);
  let number = 0;
  const put = (arn: string, text: string): void => {
    calls.on(GetSecretValueCommand, { SecretId: arn }).resolves({ SecretString: text });
  };
  return {
    /** What a secret holds from now on. */
    put,
    /** Functions keep what is in a secret for minutes: whoever wants one of their own makes it. @returns its ARN */
    made: (text: string): string => {
      number += 1;
      const arn = `arn:aws:secretsmanager:us-east-1:000000000000:secret:made-${number}`;
      put(arn, text);
      return arn;
    },
    /** How often a secret was asked for. */
    asked: (arn: string): number => calls.commandCalls(GetSecretValueCommand, { SecretId: arn }).length,
  };
};
