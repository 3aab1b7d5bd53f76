import { Construct } from 'constructs';
import type { Apis } from '../api/apis.ts';
import type { ServiceFunction } from '../base/service-function.ts';
import type { Listener } from '../events/listener.ts';
import type { Stage } from '../stage.ts';
import type { OrderWorkflows } from '../workflow/order-workflow.ts';
import { LogQueries } from './log-queries.ts';
import { OperatorsTopic } from './operators-topic.ts';
import { OrderAlarms } from './order-alarms.ts';
import { OrderDashboard } from './order-dashboard.ts';

export interface ObservabilityProps {
  readonly stage: Stage;
  readonly alarmEmail: string | undefined;
  readonly apis: Apis;
  readonly workflows: OrderWorkflows;
  /** The functions of the workflows' tasks, and those of them that undo. */
  readonly tasks: readonly ServiceFunction[];
  readonly undos: readonly ServiceFunction[];
  readonly listeners: readonly Listener[];
}

/** By what operators see what is going on, and are called. Made last, as it looks at everything in the stack. */
export class Observability extends Construct {
  readonly alarms: OrderAlarms;

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const { alarmEmail: email, apis, workflows, tasks, undos, listeners } = props;
    new OperatorsTopic(this, 'Operators', { email });
    this.alarms = new OrderAlarms(this, 'Alarms', { apis, workflows, tasks });
    new OrderDashboard(this, 'Dashboard', { apis, workflows, undos, listeners });
    new LogQueries(this, 'Queries', { workflows });
  }
}
