import { AwsError, notEmulated } from './aws-error.ts';

/**
 * The secrets that there are, by their ARNs.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export const secretsManager =
  (secrets: ReadonlyMap<string, string>) =>
  (operation: string, { SecretId }: Readonly<Record<string, unknown>>): object => {
    if (operation !== 'GetSecretValue') throw notEmulated(`secretsmanager:${operation}`);
    const arn = String(SecretId);
    const SecretString = secrets.get(arn);
    if (SecretString === undefined)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return { ARN: arn, Name: arn.split(':').at(-1), SecretString, VersionStages: ['AWSCURRENT'] };
  };
