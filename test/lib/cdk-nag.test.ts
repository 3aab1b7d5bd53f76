import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { OrderSagaStack } from '../../lib/order-saga-stack.ts';
import { configurationFrom, STAGES } from '../../lib/stage.ts';
import { productionContext } from '../../scripts/production-command.ts';
import { ACCEPTED } from './accepted-findings.ts';
import { root } from './templates.ts';

const app = new App({
  outdir: join(root, '.build/cdk-nag'),
  context: { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/core:validateAgainstDefaultRules': false },
});
const stacks = STAGES.map(({ name }) =>
  configurationFrom(name === 'prod' ? productionContext() : { stage: name }),
).map((configuration) => new OrderSagaStack(app, configuration));
// An aspect may still change what is looked at.
app.synth();

describe.each(stacks.map((stack) => [stack.stackName, stack] as const))('of %s, cdk-nag', (_, stack) => {
  const pathOf = (path: string) => path.replace(`${stack.node.path}/`, '');
  const findings = [new AwsSolutionsChecks(), new ServerlessChecks()].flatMap((pack) =>
    pack.validateScope(stack).violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        finding: ruleName,
        at: pathOf(constructPath),
      })),
    ),
  );
  const isFoundBy = (accepted: (typeof ACCEPTED)[number], { finding, at }: (typeof findings)[number]) =>
    accepted.finding.test(finding) && accepted.at.test(at);

  it('finds nothing that is not accepted with a reason, once', () => {
    expect(
      findings.filter((found) => ACCEPTED.filter((each) => isFoundBy(each, found)).length !== 1),
    ).toEqual([]);
  });

  it('finds all that is accepted, of what it has', () => {
    const has = ({ at }: (typeof ACCEPTED)[number]) =>
      stack.node.findAll().some(({ node }) => at.test(pathOf(node.path)));
    expect(ACCEPTED.filter((each) => has(each) && !findings.some((found) => isFoundBy(each, found)))).toEqual(
      [],
    );
  });
});
