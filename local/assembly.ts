import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { OrderSagaStack } from '../lib/order-saga-stack.ts';
import type { Template } from './template.ts';

const root = join(import.meta.dirname, '..');

/** What `cdk synth` makes: the template, and the folder its assets lie in. */
export interface Assembly {
  readonly template: Template;
  readonly directory: string;
}

/** Synthesizes the stack in this process, as `cdk synth` would. @throws Error naming every bad key of the context */
export const synthesize = (context: Readonly<Record<string, string>> = {}): Assembly => {
  const { context: ours } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const app = new App({
    outdir: join(root, '.build/assembly'),
    // The asset metadata says which folder is which function's code.
    context: { ...ours, ...context, 'aws:cdk:enable-asset-metadata': true },
  });
  const { stackName } = new OrderSagaStack(app);
  const { directory } = app.synth();
  return { template: JSON.parse(readFileSync(join(directory, `${stackName}.template.json`), 'utf8')), directory };
};
