import { describe, expect, it } from '@jest/globals';
import { matcher } from '../../local/aws/events/event-pattern.ts';
import { dev } from './templates.ts';

interface RuleProperties {
  readonly EventBusName?: string;
  readonly EventPattern?: Readonly<Record<string, unknown>>;
  readonly ScheduleExpression?: string;
  readonly State: string;
  readonly Targets: readonly { readonly Arn: string; readonly Input?: string }[];
}

const ruleOf = (name: string) =>
  dev
    .ofType<RuleProperties>('AWS::Events::Rule')
    .find(({ properties }) => properties.Targets.some(({ Arn }) => Arn.endsWith(`:order-saga-dev-${name}`)))
    ?.properties;
const machineArn = (name: string) =>
  `arn:aws:states:us-east-1:000000000000:stateMachine:order-saga-dev-${name}`;
const MACHINES = ['OrderFulfillment', 'OrderContinuation'];

describe('RecoverOrder', () => {
  const rule = ruleOf('RecoverOrder');
  /** As Step Functions tells it: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
  const ended = (machine: string, status: string) => ({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { stateMachineArn: machineArn(machine), name: 'ord_1', status },
  });
  const isToldOf = (event: object) => matcher(rule?.EventPattern as never, 'rule AbnormalEnds')(event);

  it('listens on the default bus, where AWS services speak', () => {
    expect(rule).toMatchObject({ State: 'ENABLED' });
    expect(rule).not.toHaveProperty('EventBusName');
    expect(() => matcher(rule?.EventPattern as never, 'rule AbnormalEnds')).not.toThrow();
  });

  describe.each(MACHINES)('of an execution of %s', (machine) => {
    it.each(['FAILED', 'ABORTED', 'TIMED_OUT'])('is told where it has %s', (status) => {
      expect(isToldOf(ended(machine, status))).toBe(true);
    });

    it.each(['RUNNING', 'SUCCEEDED', 'PENDING_REDRIVE'])('is not told where it is %s', (status) => {
      expect(isToldOf(ended(machine, status))).toBe(false);
    });
  });

  it('is told of no other machine, and of nothing else that Step Functions says', () => {
    expect(isToldOf(ended('Another', 'FAILED'))).toBe(false);
    expect(isToldOf({ ...ended('OrderFulfillment', 'FAILED'), source: 'order-saga' })).toBe(false);
    expect(isToldOf({ ...ended('OrderFulfillment', 'FAILED'), 'detail-type': 'Other' })).toBe(false);
  });

  it('knows every machine of the stack', () => {
    const arns = dev
      .ofType<{ StateMachineName: string }>('AWS::StepFunctions::StateMachine')
      .map(({ properties }) => properties.StateMachineName.replace('order-saga-dev-', ''));
    expect(arns.sort()).toEqual([...MACHINES].sort());
  });
});

describe('ReconcileOrders', () => {
  it('looks every minute', () => {
    expect(ruleOf('ReconcileOrders')).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
    });
  });
});
