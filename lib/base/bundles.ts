import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const directory = join(root, '.build/functions');

/** Every file that exports a handler is a function; its name is the function's. */
const entryPoints = (): Record<string, string> =>
  Object.fromEntries(
    globSync('lambdas/**/*.ts', { cwd: root })
      .filter((file) => /^export const handler\b/m.test(readFileSync(join(root, file), 'utf8')))
      .map((file) => [`${basename(file, '.ts')}/index`, file]),
  );

/**
 * In Lambda, credentials come from the environment. The other links of the SDK's chain are never used, so they are not
 * bundled.
 */
const CREDENTIALS_NEVER_USED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

const HOW = {
  absWorkingDir: root,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  // Stack traces in the log name our files and lines (NODE_OPTIONS in service-function.ts); sources are not deployed.
  sourcemap: 'linked',
  sourcesContent: false,
  external: CREDENTIALS_NEVER_USED,
  // Some dependencies are CommonJS and call require for Node's own modules.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'error',
} as const satisfies BuildOptions;

/** The files of functions that load a part of themselves when they need it. */
const thatLoadLater = ({ inputs, outputs }: Metafile): string[] => {
  const loaders = Object.entries(inputs)
    .filter(
      ([file, { imports }]) =>
        /^lambdas\//.test(file) && imports.some(({ kind }) => kind === 'dynamic-import'),
    )
    .map(([file]) => file);
  return Object.values(outputs).flatMap(({ entryPoint, inputs: parts }) =>
    entryPoint && loaders.some((file) => file in parts) ? [entryPoint] : [],
  );
};

/**
 * Bundles all functions in one call, each into its own folder. What a function loads later is a file beside it: within the
 * bundle it would be read at every cold start. They take the place of the last ones when they are done: whoever synthesizes
 * meanwhile finds those.
 */
export const bundleFunctions = async (): Promise<void> => {
  mkdirSync(dirname(directory), { recursive: true });
  const fresh = mkdtempSync(`${directory}-`);
  const last = `${fresh}-last`;
  try {
    const { metafile } = await build({ ...HOW, entryPoints: entryPoints(), outdir: fresh });
    await Promise.all(
      thatLoadLater(metafile).map((file) =>
        build({
          ...HOW,
          entryPoints: { index: file },
          outdir: join(fresh, basename(file, '.ts')),
          splitting: true,
        }),
      ),
    );
    if (existsSync(directory)) renameSync(directory, last);
    renameSync(fresh, directory);
  } finally {
    for (const left of [fresh, last]) rmSync(left, { recursive: true, force: true });
  }
};

/** The folder of a bundled function, by its file's name. */
export const bundleOf = (name: string) => join(directory, name);
