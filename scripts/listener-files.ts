import { camel, pascal } from './names.ts';

/** An event as the files of a listener name it: `OrderConfirmed`, exported by `order-confirmed.ts` of `events/`. */
export interface HeardEvent {
  readonly name: string;
  readonly file: string;
}

/** A listener to be. @property name in kebab case: `send-survey` */
export interface NewListener {
  readonly name: string;
  readonly events: readonly HeardEvent[];
}

const importsOf = (events: readonly HeardEvent[], folder: string): string =>
  events.map(({ name, file }) => `import { ${name} } from '${folder}/${file}';`).join('\n');

/** `[OrderConfirmed, OrderCancelled]`. */
const listOf = (events: readonly HeardEvent[]): string => `[${events.map(({ name }) => name).join(', ')}]`;

/** `A, B, or C`. */
const anyOf = (events: readonly HeardEvent[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(events.map(({ name }) => name));

export const handlerText = ({ name, events }: NewListener): string => {
  const types = events.map((event) => `typeof ${event.name}`).join(' | ');
  return `${importsOf(events, '../../events')}
import { type EventOf, listener } from '../runtime/listener.ts';
import { logger } from '../runtime/logger.ts';

/** What follows from ${anyOf(events)}: so far, a line in the log. */
export const ${camel(name)} = async ({ type, data }: EventOf<${types}>): Promise<void> => {
  logger.info('heard', { type, orderId: data.orderId });
};

export const handler = listener(${listOf(events)}, ${camel(name)});
`;
};

export const testText = ({ name, events }: NewListener): string => `
import { beforeEach, describe, expect, it } from '@jest/globals';
${importsOf(events, '../../../events')}
import { handler } from '../../../lambdas/listeners/${name}.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { logLinesOf } from '../log-lines.ts';

beforeEach(() => {
  deliveriesInMemory();
});

describe('${name}', () => {
  it.each(${listOf(events)})('acts on $type once, however often it comes', async ({ type, example }) => {
    const event = { 'detail-type': type, detail: example };
    const lines = await logLinesOf(async () => {
      await handler(event, lambdaContext);
      await handler(event, lambdaContext);
    });
    expect(lines.filter(({ message }) => message === 'heard')).toMatchObject([
      { type, orderId: example.data.orderId, correlationId: example.metadata.correlationId },
    ]);
  });
});
`;

/** Where the line of a new listener has its place: the constructor's end, which is the class's. */
export const STACK_END = '\n  }\n}\n';

/** The stack's listeners, a text with that end, with one more: its line, and the imports that it lacks. */
export const stackTextWith = (text: string, { name, events }: NewListener): string => {
  const missing = events.filter((event) => !text.includes(`import { ${event.name} }`));
  const line = `listener('${pascal(name)}', { to: ${listOf(events)} });`;
  return `${importsOf(missing, '../events')}\n${text.slice(0, -STACK_END.length)}\n\n    ${line}${STACK_END}`;
};
