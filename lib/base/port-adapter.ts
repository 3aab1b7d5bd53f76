import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { environmentKey, type Port, sandboxTableKey } from '../../configuration/adapters.ts';
import type { Adapters } from '../adapters.ts';
import type { Stage } from '../stage.ts';
import type { ServiceFunction } from './service-function.ts';
import { ServiceTable } from './service-table.ts';

export interface PortAdapterProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
  /** The construct id of the table that the sandbox keeps its book in, and the key of that. */
  readonly sandbox: { readonly id: string; readonly partitionKey: string };
}

const grantReading = (grantee: ServiceFunction, secrets: Readonly<Record<string, string>>): void => {
  const resources = Object.values(secrets);
  if (resources.length > 0)
    grantee.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources }));
};

/** The adapter behind a port of a service: what the service's functions are told of it, and may do for it. */
export const portAdapter = (
  scope: Construct,
  port: Port,
  { stage, adapters, sandbox: { id, partitionKey } }: PortAdapterProps,
) => {
  const { name, secrets, webhookSecrets, settings } = adapters[port];
  const book = name === 'sandbox' ? new ServiceTable(scope, id, { stage, partitionKey }) : undefined;
  const told = Object.entries({ ...secrets, ...webhookSecrets, ...settings });
  return {
    environment: {
      STAGE: stage.name,
      [environmentKey(port)]: name,
      ...(book && { [sandboxTableKey(port)]: book.tableName }),
      ...Object.fromEntries(told.map(([key, text]) => [environmentKey(key), text])),
    } as Readonly<Record<string, string>>,
    /** Grants these actions on the sandbox's book; of any other adapter, to read its secrets. */
    grant: (grantee: ServiceFunction, ...actions: string[]): void => {
      if (actions.length > 0) book?.grant(grantee, ...actions);
      grantReading(grantee, secrets);
    },
    /** Grants to read what signs the provider's webhooks. */
    grantWebhooks: (grantee: ServiceFunction): void => grantReading(grantee, webhookSecrets),
  };
};
