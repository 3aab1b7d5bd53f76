import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const KEPT_SECONDS = 300;

const secrets = new SecretsProvider({
  awsSdkV3Client: new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  }),
});

/**
 * A secret's text as Secrets Manager has it, or had it at most five minutes ago: one that is rotated is known by then,
 * without a deployment.
 * @param isRenewed asks again, whatever is kept
 */
export const secretText = async (arn: string, isRenewed = false): Promise<string> => {
  const text = await secrets.get(arn, { maxAge: KEPT_SECONDS, forceFetch: isRenewed });
  if (typeof text !== 'string' || text === '') throw new Error(`the secret ${arn} holds no text`);
  return text;
};
