import type { Draft } from './draft.ts';
import type { NewStep } from './step.ts';
import { todo } from './todo.ts';
import { done, saidBy } from './words.ts';

const errors = ({ word, verb, refusal, unavailable }: NewStep): string => `
/** The ${word} system has refused for good. Nothing has been ${done(verb)}, and nothing will be. */
export class ${refusal} extends Error {
  override readonly name = '${refusal}';
  readonly reason: string;
  constructor(orderId: string, reason: string) {
    super(\`the ${word} of order \${orderId} was not ${done(verb)}: \${reason}\`);
    this.reason = reason;
  }
}

/** The ${word} system could not be asked, or did not answer: whether it has ${done(verb)} is not known. Worth a retry. */
export class ${unavailable} extends Error {
  override readonly name = '${unavailable}';
  constructor(orderId: string) {
    super(\`the ${word} system did not answer for order \${orderId}\`);
  }
}
`;

const port = ({ name, word, type, verb, refusal, unavailable }: NewStep): string => `
/** What the ${word} system calls what it has ${done(verb)}. */
export interface ${type}Receipt {
  readonly receipt: string;
}

// ${todo(name, 'what the port is told, as the input of the step has it.')}
export interface ${type}Request {
  readonly orderId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

/** What was prepared: it has no effect as long as it is not committed. */
export interface Prepared${type} {
  readonly orderId: string;
  readonly handle: string;
}

/**
 * Port: the ${word} system. Every call may be repeated, at any time, in any order. The message of an error is logged, and
 * kept in the ledger and in the execution's history, where nothing can be erased: it must not quote personal data.
 */
export interface ${type}System {
  /**
   * Prepares it, each time anew.
   * @returns its handle
   * @throws ${refusal}, ${unavailable}
   */
  readonly prepare: (request: ${type}Request) => Promise<string>;
  /**
   * Makes it real, once; a repeat returns what the first call has returned.
   * @throws ${refusal}, ${unavailable}, OrderAlreadyCancelledError once it is undone or closed
   */
  readonly commit: (prepared: Prepared${type}) => Promise<${type}Receipt>;
  /**
   * Cancels what was prepared, so that it can't become real any more; takes back what is.
   * @throws ${unavailable}
   */
  readonly undo: (prepared: Prepared${type}) => Promise<void>;
  /**
   * Cancels what was prepared; where it is real, leaves it to whoever has settled it by hand.
   * @throws ${unavailable}
   */
  readonly close: (prepared: Prepared${type}) => Promise<void>;
}
`;

const sandbox = (step: NewStep): string => {
  const { name, service, word, type, verb, refusal, unavailable, pieces } = step;
  return `
import { randomUUID } from 'node:crypto';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import { sandboxBook } from '../runtime/sandbox-book.ts';
import { ${unavailable}, ${refusal} } from './errors.ts';
import type { ${type}System } from './${service}-system.ts';

/**
 * A ${word} system for development: it keeps its own book (\`handle\`, \`orderId\`, \`status\` PREPARED, REFUSED, COMMITTED or
 * CANCELLED), so that a ledger of ours that lies is found out. A line of so many pieces:
 *
 *   ${pieces.refused}         is refused
 *   ${pieces.unanswered}         has no answer
 *   any other  is ${done(verb)}
 *
 * ${todo(name, 'by what an order comes to the refusal, if not by pieces.')}
 */
export const sandbox${type}System = (table: string): ${type}System => {
  const { add, change } = sandboxBook(table, 'handle');

  return {
    prepare: async ({ orderId, items }) => {
      const has = (pieces: number) => items.some(({ quantity }) => quantity === pieces);
      if (has(${pieces.unanswered})) throw new ${unavailable}(orderId);
      const handle = \`${service}_\${randomUUID()}\`;
      const status = has(${pieces.refused}) ? 'REFUSED' : 'PREPARED';
      await add({ handle, orderId, status });
      if (status === 'REFUSED') throw new ${refusal}(orderId, '${saidBy(refusal)}');
      return handle;
    },

    commit: async ({ orderId, handle }) => {
      const committed = await change(handle, 'SET #status = :committed', '#status = :prepared', {
        ':committed': 'COMMITTED',
      });
      if (!committed.isWritten && committed.refusal.Item?.status?.S !== 'COMMITTED')
        throw new OrderAlreadyCancelledError(orderId);
      return { receipt: handle };
    },

    undo: async ({ handle }) => {
      await change(handle, 'SET #status = :cancelled', '#status = :prepared OR #status = :committed', {
        ':committed': 'COMMITTED',
        ':cancelled': 'CANCELLED',
      });
    },

    close: async ({ handle }) => {
      await change(
        handle,
        'SET #status = :cancelled, cancellationReason = :abandoned',
        '#status = :prepared',
        { ':abandoned': 'abandoned', ':cancelled': 'CANCELLED' },
      );
    },
  };
};
`;
};

const serviceText = ({ name, service, code, type, key, word, rowsKey, states }: NewStep): string => `
import * as z from 'zod';
import { adapterOf } from '../runtime/adapter.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import { sandbox${type}System } from './sandbox-${service}-system.ts';
import type { ${type}Receipt } from './${service}-system.ts';

const ${type}Env = z
  .object({ ${rowsKey}_TABLE: ResourceName })
  .and(adapterOf('${code}System', { sandbox: sandbox${type}System }));

// ${todo(name, 'the shop’s words for the states. They stand in a table, and stay what they are once it is deployed.')}
export const ${key}_STATES: LedgerStates = {
  doing: '${states.doing}',
  done: '${states.done}',
  refused: '${states.refused}',
  undoing: '${states.undoing}',
  undone: '${states.undone}',
};

/** What the ${word} steps need: our ledger and the system. */
export const ${code} = () => {
  const { ${rowsKey}_TABLE, adapter: system } = env(${type}Env);
  return { ledger: effectLedger<string, ${type}Receipt>(${rowsKey}_TABLE, ${key}_STATES), system };
};
export type ${type} = ReturnType<typeof ${code}>;
`;

const stepText = (step: NewStep): string => {
  const { state, verb, undo, service, code, type, word, refusal } = step;
  return `
import * as z from 'zod';
import { OrderTask, task } from '../runtime/task.ts';
import { ${refusal} } from './errors.ts';
import { type ${type}, ${code} } from './${service}.ts';

const ${state}Input = OrderTask.extend({
  items: z.array(z.object({ sku: z.string().min(1), quantity: z.int().positive() })).min(1),
});

/** Has the ${word} of the order ${done(verb)}, once. Undone by \`${undo.name}\`. */
export const ${step.function} =
  ({ ledger, system }: ${type}) =>
  ({ orderId, correlationId, items }: z.infer<typeof ${state}Input>) =>
    ledger.perform(
      orderId,
      { correlationId },
      {
        prepare: () => system.prepare({ orderId, items }),
        commit: (handle) => system.commit({ orderId, handle }),
        undo: (handle) => system.undo({ orderId, handle }),
        Refusal: ${refusal},
      },
    );

export const handler = task(${state}Input, ${step.function}(${code}()));
`;
};

const undoText = ({ name, undo, service, code, type, word, verb }: NewStep): string => `
import { type Undo, undoTask } from '../runtime/undo-task.ts';
import { type ${type}, ${code} } from './${service}.ts';

/** Undoes \`${name}\`: after it, no ${word} of the order is ${done(verb)}, now or later. */
export const ${undo.function} =
  ({ ledger, system }: ${type}) =>
  (order: Undo) => {
    const { orderId } = order;
    return ledger.undo(order, {
      undo: (handle) => system.undo({ orderId, handle }),
      close: (handle) => system.close({ orderId, handle }),
    });
  };

export const handler = undoTask('${undo.state}', ${undo.function}(${code}()));
`;

/** The service: its port, the sandbox beyond, and the two functions. */
export const writeService = ({ make }: Draft, step: NewStep): void => {
  const { name, undo, service } = step;
  const folder = `lambdas/${service}`;
  make(`${folder}/errors.ts`, errors(step));
  make(`${folder}/${service}-system.ts`, port(step));
  make(`${folder}/sandbox-${service}-system.ts`, sandbox(step));
  make(`${folder}/${service}.ts`, serviceText(step));
  make(`${folder}/${name}.ts`, stepText(step));
  make(`${folder}/${undo.name}.ts`, undoText(step));
};
