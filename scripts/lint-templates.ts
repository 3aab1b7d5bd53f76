// What `npm run lint:templates` runs: cfn-lint on the template of each stage, as `cdk synth` makes it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAGES } from '../lib/stage.ts';
import { commandLine } from './command-line.ts';
import { productionContext } from './production-command.ts';
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

Synthesizes each stage, prod as docs/production.md deploys it, and holds its template against CloudFormation's rules, by cfn-lint. Needs Python 3.11.`,
  { options: {} },
);

/** @returns the template's file; undefined where there is none, which it says */
const synthesize = (stage: string): string | undefined => {
  const outdir = join(root, '.build/templates', stage);
  const asked = stage === 'prod' ? productionContext() : { stage };
  const { status } = spawnSync(process.execPath, [join(root, 'bin/order-saga.ts')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...asked }) },
  });
  return status === 0 ? join(outdir, `order-saga-${stage}.template.json`) : undefined;
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
  const file = synthesize(name);
  const ignored = Object.keys(IGNORED).flatMap((rule) => ['--ignore-checks', rule]);
  const isRight = file && spawnSync(cfnLint, [...ignored, '--', file], { stdio: 'inherit' }).status === 0;
  console.log(
    `${name}: ${isRight ? 'nothing to say against its template' : 'its template is not as it should be'}`,
  );
  if (isRight) passed += 1;
  else failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
