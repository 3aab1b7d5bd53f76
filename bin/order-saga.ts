import { App } from 'aws-cdk-lib';
import { bundleFunctions } from '../lib/bundles.ts';
import { OrderSagaStack } from '../lib/order-saga-stack.ts';

try {
  await bundleFunctions();
  new OrderSagaStack(new App());
} catch (error) {
  // A wrong configuration is a message to its author, not a stack trace.
  console.error((error as Error).message);
  process.exit(1);
}
