import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { environmentKey, PORTS } from '../../configuration/adapters.ts';
import { OrderSagaStack } from '../../lib/order-saga-stack.ts';
import { configurationFrom, STAGES } from '../../lib/stage.ts';
import { REGION } from '../../local/template.ts';
import { PAGE, productionContext } from '../../scripts/production-command.ts';
import { reasonsOf } from './starting.ts';
import { assemblyDirectory, devFunctions, type FunctionProperties, parseTemplate } from './templates.ts';

const context = productionContext();

const outdir = mkdtempSync(join(tmpdir(), 'order-saga-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));
const app = new App({
  outdir,
  context: { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/core:validateAgainstDefaultRules': false },
});
const { stackName } = new OrderSagaStack(app, configurationFrom(context));
app.synth();
const prod = parseTemplate(join(outdir, `${stackName}.template.json`));
const functions = prod.ofType<FunctionProperties>('AWS::Lambda::Function').map(({ properties }) => ({
  name: properties.FunctionName.replace(`${stackName}-`, ''),
  reserved: properties.ReservedConcurrentExecutions ?? 0,
  environment: properties.Environment.Variables,
}));

describe('production, by the command of docs/production.md', () => {
  it('has a live adapter behind every port', () => {
    for (const port of PORTS) {
      const chosen = functions.flatMap(({ environment }) => environment[environmentKey(port)] ?? []);
      expect([...new Set(chosen)]).toEqual([context[port]]);
    }
    expect(Object.values(context)).not.toContain('sandbox');
  });

  it('has nothing of a sandbox: no table, no environment, no grant', () => {
    // `Sandbox.Timedout` is Lambda's.
    expect(JSON.stringify(prod.template).match(/\w*sandbox(?!\.Timedout)\w*/gi)).toBeNull();
  });

  it('starts every function with what the stack gives it', async () => {
    // The bundles are the same in every stage.
    const bundleOf = (name: string) => devFunctions.find((each) => each.name === name)?.assetPath ?? '';
    const starts = functions.map(({ name, environment }) => ({
      bundle: pathToFileURL(join(assemblyDirectory, bundleOf(name), 'index.mjs')).href,
      environment: { ...environment, AWS_REGION: REGION },
    }));
    const reasons = await reasonsOf(starts);
    expect(reasons.map((reason, index) => [functions[index]?.name, reason])).toEqual(
      functions.map(({ name }) => [name, null]),
    );
  });

  /** What may be left out. */
  const OPTIONAL = ['corsOrigins', 'stripePaymentMethods', 'alarmEmail'];

  it.each(Object.keys(context).filter((key) => key !== 'stage' && !OPTIONAL.includes(key)))(
    'is refused without %s, which it names',
    (key) => {
      const { [key]: _, ...rest } = context;
      expect(() => configurationFrom(rest)).toThrow(new RegExp(`^bad configuration: (.*; )?${key}: `));
    },
  );

  it.each(PORTS)('is refused with a sandbox as %s', (port) => {
    expect(() => configurationFrom({ ...context, [port]: 'sandbox' })).toThrow(
      `${port}: the sandbox adapter is refused in stage prod`,
    );
  });
});

describe('docs/production.md says of the stack', () => {
  const reservedBy = (count: number) => functions.filter(({ reserved }) => reserved === count).length;
  const { task = 0, reaction = 0 } = STAGES.find(({ name }) => name === 'prod')?.concurrency ?? {};
  const inAll = functions.reduce((sum, { reserved }) => sum + reserved, 0);

  it('how many instances an account must have', () => {
    expect(PAGE).toContain(
      `reserves ${task} instances for each of the ${reservedBy(task)} tasks of the workflow, ${reaction} for each of the ${reservedBy(reaction)} functions that a rule calls, and 1 for the reconciler`,
    );
    expect(PAGE).toContain(`${inAll} in all`);
    expect(PAGE).toContain(`the account must have **${inAll + 100}**`);
  });

  it('how many more staging takes', () => {
    const staging = STAGES.find(({ name }) => name === 'staging')?.concurrency;
    const more =
      (staging?.task ?? 0) * reservedBy(task) + (staging?.reaction ?? 0) * reservedBy(reaction) + 1;
    expect(PAGE).toContain(`and ${more} more where \`staging\` is in it`);
  });

  it('how many alarms are paid for', () => {
    expect(PAGE).toContain(`${prod.ofType('AWS::CloudWatch::Alarm').length} alarms at 0.10`);
  });

  it('which ledgers come first where a table is restored', () => {
    const tables = prod.ofType('AWS::DynamoDB::Table').map(({ ref }) => ref);
    const ledgers = tables.filter((name) => /^(Payment|Shipment|Inventory)/.test(name));
    expect(ledgers.length).toBeGreaterThan(0);
    for (const name of [...ledgers, 'RecordsOrders', 'RecordsPersonalData']) expect(PAGE).toContain(name);
  });
});
