import { Aspects, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { bundleOf } from './bundles.ts';
import { environmentProblems } from './environment-limit.ts';
import { replacementsOf } from './replacement.ts';
import { StageLogs } from './stage-logs.ts';

export interface ServiceFunctionProps {
  readonly stage: Stage;
  readonly environment: Readonly<Record<string, string>>;
  /**
   * How many instances are reserved for it: it always gets as many, and never more. Without, it shares the account's.
   */
  readonly concurrency?: number | undefined;
  /** Default: 10 s. */
  readonly timeout?: Duration;
}

/** `ChargePayment` is the construct, `charge-payment` its file. */
export const fileNameOf = (id: string) => id.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** The name of a construct's function; with `*`, the pattern that all of them match. */
export const functionNameOf = (scope: Construct, id: string) => `${Stack.of(scope).stackName}-${id}`;

/**
 * One of our functions: named after its step, with the bundle of that name, traced, its logs kept as long as the stage
 * says. A new version is made when its code or its environment changes, and when something that its environment refers to
 * is replaced.
 */
export class ServiceFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const { stage, environment, concurrency, timeout = Duration.seconds(10) } = props;
    const { stackName } = Stack.of(scope);
    const functionName = functionNameOf(scope, id);
    const variables = {
      NODE_OPTIONS: '--enable-source-maps',
      POWERTOOLS_SERVICE_NAME: fileNameOf(id),
      // Stages may share an account: each has a namespace of its own.
      POWERTOOLS_METRICS_NAMESPACE: stackName,
      ...environment,
    };
    const logGroup = new StageLogs(scope, `${id}Logs`, {
      stage,
      logGroupName: `/aws/lambda/${functionName}`,
    });
    // The CDK's own role may write any log, and create them.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      functionName,
      role,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundleOf(fileNameOf(id))),
      handler: 'index.handler',
      // Less than the 15 s after which a task of the workflow times out: the function gives up first.
      timeout,
      // CPU comes with memory; from 512 MB on it no longer slows down a cold start.
      memorySize: 512,
      ...(concurrency && { reservedConcurrentExecutions: concurrency }),
      tracing: Tracing.ACTIVE,
      // Executions under way go on with the version that they began with.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      environment: variables,
    });

    const stack = Stack.of(this);
    this.node.addValidation({ validate: () => environmentProblems(stack, functionName, variables) });
    // When everything is known of the tables that it refers to, and before its version gets its name.
    Aspects.of(this).add({
      visit: (node) => {
        if (node === this && this.node.tryFindChild('CurrentVersion'))
          this.invalidateVersionBasedOn(replacementsOf(stack, variables));
      },
    });
  }
}
