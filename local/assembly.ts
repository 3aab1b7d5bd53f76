import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AdapterName, adapterNames, PORTS, type Port } from '../configuration/adapters.ts';
import { STRIPE_PAYMENT_METHODS } from '../configuration/stripe-payment-methods.ts';
import type { Template } from './template.ts';

const root = join(import.meta.dirname, '..');
const stackName = 'order-saga-dev';

/** Who stands behind each port; sandboxes where it does not say. */
export type ChosenAdapters = { readonly [P in Port]?: AdapterName<P> | undefined };

const liveOnes = (adapters: ChosenAdapters): string[] =>
  PORTS.flatMap((port) => adapters[port] ?? []).filter((name) => name !== 'sandbox');

const directoryOf = (adapters: ChosenAdapters) =>
  join(root, '.build', ['assembly', ...liveOnes(adapters)].join('-'));

/** What each live adapter is told that can be run here. */
const TOLD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Where the key of its API would be, and what signs its webhooks; and all that can be paid with.
  stripe: {
    stripeSecret: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:order-saga/stripe-local1',
    stripeWebhookSecret:
      'arn:aws:secretsmanager:us-east-1:000000000000:secret:order-saga/stripe-webhook-local1',
    stripePaymentMethods: STRIPE_PAYMENT_METHODS.join(','),
  },
  ses: { mailFrom: 'orders@shop.example', mailConfigurationSet: 'orders' },
};

/** What `cdk synth` makes: the template, and the folder its assets lie in. */
export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  readonly directory: string;
}

/**
 * Folders that nothing of the assembly is in. A new folder counts as part of it: better to build once too often than to
 * run what is stale.
 */
const LEFT_OUT = [
  ...['node_modules', 'docs', 'examples'],
  ...['console', 'contracts', 'local', 'ops', 'proof', 'scripts', 'test', 'testbed'],
];

/** The files that the assembly is made of; the lock file stands for node_modules. */
const inputs = (): string[] => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^[.]|^cdk[.]out$/.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => !LEFT_OUT.includes(name));
  const files = folders.map((folder) => `${folder}/**/*.{ts,json}`);
  return globSync(['package-lock.json', 'cdk.json', 'local/assembly.ts', ...files], { cwd: root }).sort();
};

const inputsHash = (): string => {
  const hash = createHash('sha256');
  for (const file of inputs()) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
};

const build = async (directory: string, adapters: ChosenAdapters): Promise<void> => {
  rmSync(directory, { recursive: true, force: true });
  // The CDK takes as long to load as the bundles take to build, on another core.
  const { bundleFunctions } = await import('../lib/base/bundles.ts');
  const bundling = bundleFunctions();
  const [{ App }, { OrderSagaStack }, { configurationFrom }] = await Promise.all([
    import('aws-cdk-lib'),
    import('../lib/order-saga-stack.ts'),
    import('../lib/stage.ts'),
  ]);
  await bundling;
  const cdk = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const context = {
    ...cdk.context,
    ...adapters,
    ...Object.assign({}, ...liveOnes(adapters).map((name) => TOLD[name])),
  };
  const app = new App({
    outdir: directory,
    analyticsReporting: false,
    context: {
      ...context,
      // The asset metadata says which folder is which function's code.
      'aws:cdk:enable-asset-metadata': true,
      // Takes two seconds; `cdk synth` does it.
      '@aws-cdk/core:validateAgainstDefaultRules': false,
    },
  });
  new OrderSagaStack(app, configurationFrom(context));
  app.synth();
};

/**
 * The stack of stage dev, synthesized in this process, or as it was last time if nothing that goes into it has changed.
 * @param onBuild called before it is built anew
 */
export const synthesize = async (
  onBuild: () => void = () => {},
  adapters: ChosenAdapters = {},
): Promise<Assembly> => {
  const directory = directoryOf(adapters);
  const inputsFile = join(directory, 'inputs.sha256');
  const hash = inputsHash();
  if (!existsSync(inputsFile) || readFileSync(inputsFile, 'utf8') !== hash) {
    onBuild();
    await build(directory, adapters);
    writeFileSync(inputsFile, hash);
  }
  return {
    stackName,
    template: JSON.parse(readFileSync(join(directory, `${stackName}.template.json`), 'utf8')),
    directory,
  };
};

// Run by itself it only builds, for a start to come, or with each live adapter too, as tests run it.
if (import.meta.main) {
  const live: readonly ChosenAdapters[] = process.argv.includes('--every-adapter')
    ? PORTS.flatMap((port) =>
        adapterNames(port)
          .filter((name) => name in TOLD)
          .map((name) => ({ [port]: name })),
      )
    : [];
  for (const adapters of [{}, ...live])
    await synthesize(
      () =>
        console.log(
          `Building the functions and synthesizing the stack (${liveOnes(adapters).join() || 'sandboxes'})…`,
        ),
      adapters,
    );
}
