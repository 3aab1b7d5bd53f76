type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Properties = Readonly<Record<string, unknown>>;

/** A CloudFormation template as `cdk synth` writes it. */
export interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties?: Properties;
        readonly Metadata?: Readonly<Record<string, string>>;
      }
    >
  >;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** A resource with every reference in it resolved to its local name or ARN. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  /** The value of `Ref`. */
  readonly ref: string;
  /** Empty for kinds of resources that nothing refers to by ARN. */
  readonly arn: string;
  /** The folder of a function's code, relative to the assembly. */
  readonly assetPath: string | undefined;
}

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A logical id without the hash that the CDK appends. */
const plain = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

type Reference = (logicalId: string, attribute: string) => string;
/** The ARN that a property refers to by `Ref` or `Fn::GetAtt`, as versions and aliases name what they belong to. */
const arnBehind = (property: unknown, reference: Reference): string => {
  const { Ref, 'Fn::GetAtt': attribute } = property as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return reference(Ref ?? attribute?.[0] ?? '', 'Arn');
};

/** The values of `Ref` and `Fn::GetAtt` for each kind of resource we know. */
const identities: Readonly<
  Record<
    string,
    (id: string, properties: Properties, reference: Reference) => { ref: string; [attribute: string]: string }
  >
> = {
  'AWS::DynamoDB::Table': (id) => ({ ref: plain(id), Arn: arn('dynamodb', `table/${plain(id)}`) }),
  'AWS::Lambda::Function': (_, { FunctionName }) => ({
    ref: `${FunctionName}`,
    Arn: arn('lambda', `function:${FunctionName}`),
  }),
  'AWS::StepFunctions::StateMachine': (_, { StateMachineName: name }) => ({
    ref: arn('states', `stateMachine:${name}`),
    Arn: arn('states', `stateMachine:${name}`),
    Name: `${name}`,
    StateMachineRevisionId: 'local',
  }),
  'AWS::StepFunctions::StateMachineVersion': (_, { StateMachineArn }, reference) => {
    const Arn = `${arnBehind(StateMachineArn, reference)}:1`;
    return { ref: Arn, Arn };
  },
  'AWS::StepFunctions::StateMachineAlias': (_, { Name, DeploymentPreference }, reference) => {
    const { StateMachineVersionArn } = DeploymentPreference as { StateMachineVersionArn: unknown };
    const Arn = arnBehind(StateMachineVersionArn, reference).replace(/:1$/, `:${Name}`);
    return { ref: Arn, Arn };
  },
  'AWS::Lambda::Version': (_, { FunctionName }, reference) => ({
    ref: `${arnBehind(FunctionName, reference)}:1`,
    Version: '1',
  }),
  'AWS::Events::EventBus': (_, { Name }) => ({
    ref: `${Name}`,
    Arn: arn('events', `event-bus/${Name}`),
    Name: `${Name}`,
  }),
  'AWS::Events::Rule': (id, { Name = plain(id), EventBusName }, reference) => {
    const name = EventBusName
      ? `${reference((EventBusName as { Ref: string }).Ref, 'ref')}/${Name}`
      : `${Name}`;
    return { ref: name, Arn: arn('events', `rule/${name}`) };
  },
  'AWS::Events::Archive': (_, { ArchiveName }) => ({
    ref: `${ArchiveName}`,
    Arn: arn('events', `archive/${ArchiveName}`),
  }),
  'AWS::SQS::Queue': (_, { QueueName }) => ({
    ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${QueueName}`,
    Arn: arn('sqs', `${QueueName}`),
    QueueName: `${QueueName}`,
  }),
  'AWS::SNS::Topic': (_, { TopicName }) => ({ ref: arn('sns', `${TopicName}`) }),
  'AWS::CloudWatch::Alarm': (_, { AlarmName }) => ({
    ref: `${AlarmName}`,
    Arn: arn('cloudwatch', `alarm:${AlarmName}`),
  }),
  'AWS::IAM::Role': (id) => ({ ref: id, Arn: `arn:aws:iam::${ACCOUNT}:role/${id}` }),
  'AWS::Logs::LogGroup': (_, { LogGroupName }) => ({
    ref: `${LogGroupName}`,
    Arn: arn('logs', `log-group:${LogGroupName}:*`),
  }),
  'AWS::Cognito::UserPool': (id) => ({
    ref: `${REGION}_${plain(id)}`,
    Arn: arn('cognito-idp', `userpool/${REGION}_${plain(id)}`),
  }),
  'AWS::Cognito::UserPoolClient': (id) => ({ ref: plain(id) }),
  'AWS::ApiGatewayV2::Authorizer': (id) => ({ ref: plain(id) }),
  'AWS::ApiGatewayV2::Api': (id) => ({ ref: plain(id), ApiEndpoint: `https://${plain(id)}` }),
};

/**
 * Resolves a template's intrinsic functions for the local stack.
 * @throws Error naming the function, or the reference, that is not known here
 */
export const resolveTemplate = (
  template: Template,
): { resources: Resource[]; outputs: Readonly<Record<string, unknown>> } => {
  const identityOf = (logicalId: string, { Type, Properties = {} }: Template['Resources'][string]) =>
    identities[Type]?.(logicalId, Properties, reference) ?? { ref: logicalId };

  const reference = (logicalId: string, attribute: string): string => {
    const resource = template.Resources[logicalId];
    if (!resource) throw new Error(`the template refers to ${logicalId}, which it does not define`);
    const value = identityOf(logicalId, resource)[attribute];
    if (value === undefined)
      throw new Error(`${attribute} of ${logicalId} (${resource.Type}) is not known locally`);
    return value;
  };

  const intrinsics: Readonly<Record<string, (argument: never) => unknown>> = {
    Ref: (name: string) => PSEUDO[name] ?? reference(name, 'ref'),
    'Fn::GetAtt': ([logicalId, attribute]: [string, string]) => reference(logicalId, attribute),
    'Fn::Join': ([separator, parts]: [string, Json[]]) => parts.map((part) => resolve(part)).join(separator),
    'Fn::Select': ([index, values]: [number | string, Json]) => (resolve(values) as unknown[])[Number(index)],
    'Fn::Split': ([separator, text]: [string, Json]) => String(resolve(text)).split(separator),
    'Fn::Sub': (text: string) =>
      text.replace(/\$\{([^}]+)\}/g, (_, name: string) => PSEUDO[name] ?? reference(name, 'ref')),
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [key, argument] = entries[0] ?? [''];
    const intrinsic = entries.length === 1 ? intrinsics[key] : undefined;
    if (intrinsic) return intrinsic(argument as never);
    if (entries.length === 1 && key.startsWith('Fn::')) throw new Error(`${key} is not known locally`);
    return Object.fromEntries(entries.map(([name, inner]) => [name, resolve(inner)]));
  };

  return {
    resources: Object.entries(template.Resources).map(([logicalId, resource]) => {
      const { Type: type, Properties: properties = {}, Metadata } = resource;
      const { ref, Arn = '' } = identityOf(logicalId, resource);
      return {
        logicalId,
        type,
        properties: (type === 'AWS::CDK::Metadata' ? {} : resolve(properties)) as Properties,
        ref,
        arn: Arn,
        assetPath: Metadata?.['aws:asset:path'],
      };
    }),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {}).map(([name, { Value }]) => [name, resolve(Value)]),
    ),
  };
};
