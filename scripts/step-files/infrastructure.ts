import type { Draft } from './draft.ts';
import type { NewStep } from './step.ts';
import { done, sentence } from './words.ts';

const service = (step: NewStep): string => {
  const { state, verb, undo, type, code, word, rows, rowsKey } = step;
  return `
import { Construct } from 'constructs';
import type { Adapters } from '../adapters.ts';
import { portAdapter } from '../base/port-adapter.ts';
import { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';

export interface ${type}ServiceProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
}

/** ${sentence(word)} ${done(verb)} and ${done(undo.verb)}, the ledger between them, and the sandbox system's own book. */
export class ${type}Service extends Construct {
  constructor(scope: Construct, id: string, { stage, adapters }: ${type}ServiceProps) {
    super(scope, id);
    const entries = new ServiceTable(this, '${rows}', { stage, partitionKey: 'orderId' });
    const system = portAdapter(this, '${code}System', {
      stage,
      adapters,
      sandbox: { id: 'Sandbox${rows}', partitionKey: 'handle' },
    });
    const environment = { ...system.environment, ${rowsKey}_TABLE: entries.tableName };
    const concurrency = stage.concurrency?.task;
    const ${step.function} = new ServiceFunction(this, '${state}', { stage, environment, concurrency });
    const ${undo.function} = new ServiceFunction(this, '${undo.state}', { stage, environment, concurrency });

    entries.grant(${step.function}, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    entries.grant(${undo.function}, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    system.grant(${step.function}, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    system.grant(${undo.function}, 'dynamodb:UpdateItem');
  }
}
`;
};

/** The construct, its place in the stack, and its adapter, which prod refuses. */
export const writeInfrastructure = ({ make, before }: Draft, step: NewStep): void => {
  const { service: folder, type, code } = step;
  make(`lib/services/${folder}-service.ts`, service(step));
  const stack = 'lib/order-saga-stack.ts';
  before(
    stack,
    "import type { Configuration } from './stage.ts';",
    `import { ${type}Service } from './services/${folder}-service.ts';\n`,
  );
  before(stack, '    new Parking(', `    new ${type}Service(this, '${type}', { stage, adapters });\n`);
  before('configuration/adapters.ts', '  mailer: {', `  ${code}System: { sandbox: {} },\n`);
};
