import { Construct } from 'constructs';
import { AccessLog } from './access-log.ts';
import type { Listener } from './listener.ts';
import { LogQueries } from './log-queries.ts';
import { OperatorsTopic } from './operators-topic.ts';
import { OrderAlarms } from './order-alarms.ts';
import type { OrderApi } from './order-api.ts';
import { OrderDashboard } from './order-dashboard.ts';
import type { OrderWorkflows } from './order-workflow.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Stage } from './stage.ts';

export interface ObservabilityProps {
  readonly stage: Stage;
  readonly alarmEmail: string | undefined;
  readonly api: OrderApi;
  readonly workflows: OrderWorkflows;
  /** The functions of the workflows' tasks, and those of them that undo. */
  readonly tasks: readonly ServiceFunction[];
  readonly undos: readonly ServiceFunction[];
  readonly listeners: readonly Listener[];
}

/** By what operators see what is going on, and are called. Made last, as it looks at everything in the stack. */
export class Observability extends Construct {
  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const { stage, alarmEmail: email, api, workflows, tasks, undos, listeners } = props;
    new OperatorsTopic(this, 'Operators', { email });
    new OrderAlarms(this, 'Alarms', { api, workflows, tasks });
    new OrderDashboard(this, 'Dashboard', { api, workflows, undos, listeners });
    new AccessLog(this, 'AccessLog', { stage, api });
    new LogQueries(this, 'Queries', { workflows });
  }
}
