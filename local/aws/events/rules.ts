import type { Resource } from '../../template.ts';
import { matcher, type Pattern } from './event-pattern.ts';

/** A rule of the template: who gets which events, or is invoked when. */
export interface Rule {
  readonly arn: string;
  readonly name: string;
  readonly busName: string;
  /** Whether it wants an event; never if it has a schedule. */
  readonly wants: (event: unknown) => boolean;
  readonly everySeconds: number | undefined;
  readonly functionArns: readonly string[];
}

interface RuleProperties {
  readonly EventBusName?: string;
  readonly EventPattern?: Pattern;
  readonly ScheduleExpression?: string;
  readonly Targets: readonly {
    readonly Arn: string;
    readonly Input?: unknown;
    readonly InputPath?: unknown;
    readonly InputTransformer?: unknown;
  }[];
}

/** @throws Error naming the rule, unless it is `rate(N minutes)`: nothing else is emulated locally */
const secondsOf = (schedule: string, rule: string): number => {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(schedule)?.[1];
  if (!minutes) throw new Error(`rule ${rule}: the schedule ${schedule} is not emulated locally`);
  return Number(minutes) * 60;
};

/** @throws Error naming the rule, and what of it cannot be run here */
export const rulesIn = (resources: readonly Resource[]): Rule[] =>
  resources
    .filter(({ type }) => type === 'AWS::Events::Rule')
    .map(({ logicalId, arn, properties }) => {
      const {
        EventBusName = 'default',
        EventPattern,
        ScheduleExpression,
        Targets,
      } = properties as unknown as RuleProperties;
      for (const { Arn, Input, InputPath, InputTransformer } of Targets) {
        if (!Arn.startsWith('arn:aws:lambda:'))
          throw new Error(`rule ${logicalId}: target ${Arn} is not emulated locally`);
        if (Input || InputPath || InputTransformer)
          throw new Error(`rule ${logicalId}: a changed input is not emulated locally`);
      }
      return {
        arn,
        name: logicalId,
        busName: EventBusName,
        wants: EventPattern ? matcher(EventPattern, `rule ${logicalId}`) : () => false,
        everySeconds: ScheduleExpression ? secondsOf(ScheduleExpression, logicalId) : undefined,
        functionArns: Targets.map(({ Arn }) => Arn),
      };
    });
