import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AwsClient } from 'aws4fetch';

/** `https://<id>.execute-api.<region>.amazonaws.com`, in China `.amazonaws.com.cn`; a domain of one's own names no region. */
const REGION_IN_HOST = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/**
 * `fetch` that signs its calls of the API at `url`: with whatever credentials the AWS SDK finds, for the region in the
 * host's name, else the SDK's.
 */
export const signing = (url: string): typeof fetch => {
  const named = REGION_IN_HOST.exec(new URL(url).hostname)?.[1];
  const { credentials, region: regionOfTheSdk } = new CloudFormationClient(named ? { region: named } : {})
    .config;
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
