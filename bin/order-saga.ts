import { App } from 'aws-cdk-lib';
import { bundleFunctions } from '../lib/base/bundles.ts';
import { OrderSagaStack } from '../lib/order-saga-stack.ts';
import { configurationFrom } from '../lib/stage.ts';

try {
  const app = new App();
  const configuration = configurationFrom(app.node.getAllContext());
  await bundleFunctions();
  new OrderSagaStack(app, configuration);
} catch (error) {
  // A wrong configuration is a message to its author, not a stack trace.
  console.error((error as Error).message);
  process.exit(1);
}
