import { Aspects, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { bundleOf } from './bundles.ts';
import { environmentProblems } from './environment-limit.ts';
import { replacementsOf } from './replacement.ts';
import type { Stage } from './stage.ts';
import { StageLogs } from './stage-logs.ts';

export interface ServiceFunctionProps {
  readonly stage: Stage;
  readonly environment: Readonly<Record<string, string>>;
  /** How many instances it may have, and always can have; without, its share of the account's. */
  readonly concurrency?: number | undefined;
  /** 10 s without. */
  readonly timeout?: Duration;
}

/** `ChargePayment` is the construct, `charge-payment` its file. */
export const fileNameOf = (id: string) => id.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** What the function of a construct is called; of any, by `*`. */
export const functionNameOf = (scope: Construct, id: string) => `${Stack.of(scope).stackName}-${id}`;

/**
 * A function of ours: its bundle by its name, its logs kept as long as the stage says, traced, named after its step. Its
 * versions change with its code, with what it is told, and where something that it is told of is replaced.
 */
export class ServiceFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const { stage, environment, concurrency, timeout = Duration.seconds(10) } = props;
    const { stackName } = Stack.of(scope);
    const functionName = functionNameOf(scope, id);
    const variables = {
      NODE_OPTIONS: '--enable-source-maps',
      POWERTOOLS_SERVICE_NAME: fileNameOf(id),
      // Stages may share an account: each counts for itself.
      POWERTOOLS_METRICS_NAMESPACE: stackName,
      ...environment,
    };
    super(scope, id, {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundleOf(fileNameOf(id))),
      handler: 'index.handler',
      // A task of the workflow times out after 15 s: the function gives up first.
      timeout,
      // CPU comes with memory; at 512 MB a cold start is not bound by it.
      memorySize: 512,
      ...(concurrency && { reservedConcurrentExecutions: concurrency }),
      tracing: Tracing.ACTIVE,
      // Executions under way go on with the version that they began with.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      loggingFormat: LoggingFormat.JSON,
      logGroup: new StageLogs(scope, `${id}Logs`, { stage, logGroupName: `/aws/lambda/${functionName}` }),
      environment: variables,
    });

    const stack = Stack.of(this);
    this.node.addValidation({ validate: () => environmentProblems(stack, functionName, variables) });
    // Once all is said about the tables that it is told of, and before its version gets its name.
    Aspects.of(this).add({
      visit: (node) => {
        if (node === this && this.node.tryFindChild('CurrentVersion'))
          this.invalidateVersionBasedOn(replacementsOf(stack, variables));
      },
    });
  }
}
