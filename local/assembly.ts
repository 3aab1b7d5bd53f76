import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapterNames, PORTS } from '../configuration/adapters.ts';
import { adapterBehind, type ChosenAdapters, contextOf } from './local-adapters.ts';
import type { Template } from './template.ts';

const root = join(import.meta.dirname, '..');
const stackName = 'order-saga-dev';

const liveIn = (adapters: ChosenAdapters): string[] =>
  PORTS.map((port) => adapterBehind(port, adapters)).filter((name) => name !== 'sandbox');
const directoryOf = (adapters: ChosenAdapters) =>
  join(root, '.build', ['assembly', ...liveIn(adapters)].join('-'));

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
  return globSync(
    ['package-lock.json', 'cdk.json', 'local/assembly.ts', 'local/local-adapters.ts', ...files],
    { cwd: root },
  ).sort();
};

const inputsHash = (): string => {
  const hash = createHash('sha256');
  for (const file of inputs()) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
};

/** Once, whoever stands behind the ports: a bundle has all of its adapters. */
let bundling: Promise<void> | undefined;

const build = async (directory: string, adapters: ChosenAdapters): Promise<void> => {
  rmSync(directory, { recursive: true, force: true });
  // The CDK takes as long to load as the bundles take to build, on another core.
  const { bundleFunctions } = await import('../lib/base/bundles.ts');
  bundling ??= bundleFunctions();
  const [{ App }, { OrderSagaStack }, { configurationFrom }] = await Promise.all([
    import('aws-cdk-lib'),
    import('../lib/order-saga-stack.ts'),
    import('../lib/stage.ts'),
  ]);
  await bundling;
  const cdk = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const context = { ...cdk.context, ...contextOf(adapters) };
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
  const live: ChosenAdapters[] = PORTS.flatMap((port) =>
    adapterNames(port)
      .filter((name) => name !== 'sandbox')
      .map((name) => ({ [port]: name })),
  );
  for (const adapters of [{}, ...(process.argv.includes('--every-adapter') ? live : [])])
    await synthesize(
      () =>
        console.log(
          `Building the functions and synthesizing the stack (${liveIn(adapters).join(', ') || 'sandboxes'})…`,
        ),
      adapters,
    );
}
