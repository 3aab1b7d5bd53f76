import { type Contract, keyOf } from '../events/contract.ts';
import { exampleOf } from './example.ts';
import { jsonSchemaOf } from './json-schema.ts';

const byKey = <Value>(contracts: readonly Contract[], value: (contract: Contract) => Value) =>
  Object.fromEntries(contracts.map((contract) => [keyOf(contract), value(contract)]));

/** The bus as AsyncAPI 3.0 tells it: one channel, a message for each contract, and who sends it. */
export const asyncApiOf = (contracts: readonly Contract[]): object => ({
  asyncapi: '3.0.0',
  info: {
    title: 'order-saga: the order bus',
    // Of the bus. Each message has a version of its own.
    version: '1.0.0',
    description:
      'What happens to orders, as events on an EventBridge bus. They are delivered at least once, in any order: an effect is to be keyed by detail.metadata.eventId.',
  },
  defaultContentType: 'application/json',
  channels: {
    OrderBus: {
      address: 'order-saga-{stage}-OrderBus',
      description: 'The EventBridge bus of a stage. A consumer adds a rule of its own.',
      parameters: { stage: { enum: ['dev', 'staging', 'prod'], description: 'The stage of the stack.' } },
      messages: byKey(contracts, (contract) => ({ $ref: `#/components/messages/${keyOf(contract)}` })),
    },
  },
  operations: byKey(contracts, (contract) => ({
    action: 'send',
    title: `${contract.owner} publishes ${contract.type} v${contract.version}`,
    channel: { $ref: '#/channels/OrderBus' },
    messages: [{ $ref: `#/channels/OrderBus/messages/${keyOf(contract)}` }],
  })),
  components: {
    messages: byKey(contracts, (contract) => ({
      name: contract.type,
      title: `${contract.type} v${contract.version}`,
      summary: contract.summary,
      correlationId: { location: '$message.payload#/detail/metadata/correlationId' },
      payload: jsonSchemaOf(contract, 'draft-7'),
      examples: [{ name: 'example', payload: exampleOf(contract) }],
    })),
  },
});
