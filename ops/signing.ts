import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AwsClient } from 'aws4fetch';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** `https://<id>.execute-api.<region>.amazonaws.com`, in China `.amazonaws.com.cn`; a domain of one's own names no region. */
const REGION_IN_HOST = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/**
 * `fetch` that signs its calls of the API at `url`, for the region in the host's name, else the SDK's.
 * @param own credentials; whatever the AWS SDK finds without
 */
export const signing = (url: string, own?: Credentials): typeof fetch => {
  const named = REGION_IN_HOST.exec(new URL(url).hostname)?.[1];
  const { credentials, region: regionOfTheSdk } = new CloudFormationClient({
    ...(named && { region: named }),
    ...(own && { credentials: own, region: 'us-east-1' }),
  }).config;
  return async (input, init) => {
    const [{ accessKeyId, secretAccessKey, sessionToken }, region] = await Promise.all([
      credentials(),
      regionOfTheSdk(),
    ]);
    const signed = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    const client = new AwsClient({ ...signed, service: 'execute-api', region, retries: 0 });
    return client.fetch(input as string, init);
  };
};
