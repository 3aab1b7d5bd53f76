import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../../local/assembly.ts';
import { type Resource, resolveTemplate, type Template } from '../../local/template.ts';

export const root = join(import.meta.dirname, '../..');

const { directory, stackName } = await synthesize();
export const assemblyDirectory = directory;

type Policies = { readonly DeletionPolicy?: string; readonly UpdateReplacePolicy?: string };

/** A resource with its references resolved, and what becomes of it when its stack lets go of it. */
export interface Resolved<Properties> extends Policies {
  readonly logicalId: string;
  readonly type: string;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Properties;
  readonly assetPath: string | undefined;
}

export interface FunctionProperties {
  readonly FunctionName: string;
  readonly Runtime: string;
  readonly Architectures: readonly string[];
  readonly Timeout: number;
  readonly TracingConfig: { readonly Mode: string };
  readonly LoggingConfig: { readonly LogFormat: string; readonly LogGroup: string };
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  readonly Role: string;
  readonly ReservedConcurrentExecutions?: number;
}

export const parseTemplate = (file: string) => {
  const template: Template = JSON.parse(readFileSync(file, 'utf8'));
  const { resources, outputs } = resolveTemplate(template);
  const withPolicies = (resource: Resource) => {
    const { DeletionPolicy, UpdateReplacePolicy } = template.Resources[resource.logicalId] as Policies;
    return { ...resource, DeletionPolicy, UpdateReplacePolicy };
  };
  return {
    template,
    outputs,
    /** Every resource there is. */
    all: resources.map(withPolicies),
    ofType: <Properties>(type: string) =>
      resources
        .filter((resource) => resource.type === type)
        .map((resource) => withPolicies(resource) as Resolved<Properties>),
  };
};

export const dev = parseTemplate(join(directory, `${stackName}.template.json`));

/** `ChargePayment`, of `order-saga-dev-ChargePayment`. */
export const shortName = (functionName: string): string => functionName.replace(/^order-saga-dev-/, '');

export const devFunctions = dev
  .ofType<FunctionProperties>('AWS::Lambda::Function')
  .map((resource) => ({ name: shortName(resource.properties.FunctionName), ...resource }));

/** Who hears events of this type, as the rules of our bus say and as operators call them: `notify-customer`, by the alphabet. */
export const listenersOf = (type: string): string[] =>
  dev
    .ofType<{ Name?: string; EventPattern?: object }>('AWS::Events::Rule')
    .filter(({ properties: { EventPattern = {} } }) => JSON.stringify(EventPattern).includes(`"${type}"`))
    .map(({ properties: { Name = '' } }) => fileNameOf(shortName(Name)))
    .sort();

/** `notify-customer`, of `NotifyCustomer`. */
export const fileNameOf = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
