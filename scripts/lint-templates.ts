// What `npm run lint:templates` runs: cfn-lint on the template of each stage, as `cdk synth` makes it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAGES } from '../lib/stage.ts';
import { commandLine } from './command-line.ts';
import { pythonTool } from './python.ts';

const root = join(import.meta.dirname, '..');
const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));

/** What cfn-lint is not asked, and why. */
const IGNORED = {
  // The CDK has a function wait for its role's policies, and for the role with them, which it waits for anyway.
  W3005: 'a dependency that another one implies',
};

commandLine(
  `npm run lint:templates

Synthesizes each stage that can be, and holds its template against CloudFormation's rules, by cfn-lint. Needs Python 3.11.`,
  { options: {} },
);

/** @returns the template's file; or why there is none */
const synthesize = (stage: string): { readonly file: string } | { readonly refusal: string } => {
  const outdir = join(root, '.build/templates', stage);
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin/order-saga.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage }) },
  });
  return status === 0
    ? { file: join(outdir, `order-saga-${stage}.template.json`) }
    : { refusal: stderr.trim() };
};

const installed = (): string => {
  try {
    return join(pythonTool('cfn-lint').bin, 'cfn-lint');
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(1);
  }
};

const cfnLint = installed();
let passed = 0;
let failed = 0;
for (const { name } of STAGES) {
  const synthesized = synthesize(name);
  if ('refusal' in synthesized) {
    console.log(`${name}: is not synthesized: ${synthesized.refusal}`);
    // That there is no adapter yet that the stage would take is nothing new.
    if (!synthesized.refusal.startsWith('bad configuration: ')) failed += 1;
    continue;
  }
  const ignored = Object.keys(IGNORED).flatMap((rule) => ['--ignore-checks', rule]);
  const { status } = spawnSync(cfnLint, [...ignored, '--', synthesized.file], { stdio: 'inherit' });
  console.log(
    `${name}: ${status === 0 ? 'nothing to say against its template' : 'its template is not as it should be'}`,
  );
  if (status === 0) passed += 1;
  else failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
