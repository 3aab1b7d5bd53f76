import { describe, expect, it } from '@jest/globals';
import { checkCompensation, owedUndos, pathFrom } from './compensation-graph.ts';
import { type Catcher, orderFulfillment, type State } from './definition.ts';

const { States } = orderFulfillment;

/** The real definition, but for what is given of some states. */
const changed = (states: Readonly<Record<string, Partial<State>>>) => ({
  ...orderFulfillment,
  States: {
    ...States,
    ...Object.fromEntries(
      Object.entries(states).map(([name, change]) => [name, { ...(States[name] as State), ...change }]),
    ),
  },
});
const caught = (Next: string, ...ErrorEquals: string[]): Catcher => ({ ErrorEquals, Next });

describe('the compensation of the order workflow', () => {
  it('is without complaint', () => {
    expect(checkCompensation(orderFulfillment)).toEqual([]);
  });

  it('is owed for the steps of the happy path', () => {
    expect(pathFrom(orderFulfillment, orderFulfillment.StartAt)).toEqual([
      'ChargePayment',
      'ReserveInventory',
      'CreateShipment',
      'PublishOrderConfirmed',
    ]);
  });
});

describe('what is owed', () => {
  const path = ['ChargePayment', 'ReserveInventory', 'CreateShipment', 'PublishOrderConfirmed'];

  it.each([
    ['ChargePayment', 'PaymentDeclinedError', []],
    ['ChargePayment', 'States.ALL', ['RefundPayment']],
    ['ReserveInventory', 'OutOfStockError', ['RefundPayment']],
    ['ReserveInventory', 'States.ALL', ['ReleaseInventory', 'RefundPayment']],
    ['CreateShipment', 'AddressUndeliverableError', ['ReleaseInventory', 'RefundPayment']],
    ['CreateShipment', 'States.ALL', ['CancelShipment', 'ReleaseInventory', 'RefundPayment']],
    ['PublishOrderConfirmed', 'States.ALL', []],
  ])('after %s has failed by %s: %j', (state, error, undos) => {
    expect(owedUndos(path, state, error)).toEqual(undos);
  });
});

describe('the check names', () => {
  it('an undo that dropped out of the chain', () => {
    expect(checkCompensation(changed({ CancelShipment: { Next: 'RefundPayment' } }))).toEqual([
      'CreateShipment / States.ALL: ReleaseInventory is missing',
    ]);
  });

  it('an undo that a Catch leaps over', () => {
    const definition = changed({
      CreateShipment: {
        Catch: [caught('RefundPayment', 'AddressUndeliverableError'), caught('CancelShipment', 'States.ALL')],
      },
    });
    expect(checkCompensation(definition)).toEqual([
      'CreateShipment / AddressUndeliverableError: ReleaseInventory is missing',
    ]);
  });

  it('the undo of the failing step, where an ambiguous error is taken for a business error', () => {
    const definition = changed({
      ChargePayment: {
        Catch: [
          caught('PublishOrderCancelled', 'PaymentDeclinedError', 'States.Timeout'),
          caught('RefundPayment', 'States.ALL'),
        ],
      },
    });
    expect(checkCompensation(definition)).toEqual([
      'ChargePayment / States.Timeout: RefundPayment is missing',
    ]);
  });

  it('an undo of what was never done', () => {
    const definition = changed({
      ChargePayment: {
        Catch: [caught('RefundPayment', 'PaymentDeclinedError'), caught('RefundPayment', 'States.ALL')],
      },
    });
    expect(checkCompensation(definition)).toEqual([
      'ChargePayment / PaymentDeclinedError: RefundPayment is superfluous',
    ]);
  });

  it('undos in another order than the reverse of the steps', () => {
    const definition = changed({
      CancelShipment: { Next: 'RefundPayment' },
      RefundPayment: { Next: 'ReleaseInventory' },
      ReleaseInventory: { Next: 'PublishOrderCancelled' },
    });
    expect(checkCompensation(definition)).toContain(
      'CreateShipment / States.ALL: undoes CancelShipment, RefundPayment, ReleaseInventory in this order, ' +
        'not CancelShipment, ReleaseInventory, RefundPayment',
    );
  });

  it('a step that does not catch everything', () => {
    const definition = changed({ ReserveInventory: { Catch: [caught('RefundPayment', 'OutOfStockError')] } });
    expect(checkCompensation(definition)).toEqual([
      'ReserveInventory: States.ALL is not caught last, by itself',
    ]);
  });

  it('every undo of a shipped order', () => {
    const definition = changed({
      PublishOrderConfirmed: { Catch: [caught('CancelShipment', 'States.ALL')] },
    });
    expect(checkCompensation(definition)).toEqual([
      'PublishOrderConfirmed / States.ALL: CancelShipment is superfluous',
      'PublishOrderConfirmed / States.ALL: ReleaseInventory is superfluous',
      'PublishOrderConfirmed / States.ALL: RefundPayment is superfluous',
      'PublishOrderConfirmed / States.ALL: a shipped order comes to PublishOrderCancelled',
      'PublishOrderConfirmed / States.ALL: a shipped order comes to OrderCancelled',
    ]);
  });

  it('a cancellation that is not published', () => {
    const definition = changed({ RefundPayment: { Next: 'OrderCancelled' } });
    expect(checkCompensation(definition)).toContain(
      'ReserveInventory / OutOfStockError: ends in RefundPayment, OrderCancelled, ' +
        'not PublishOrderCancelled, OrderCancelled',
    );
  });

  it('a cancelled order that ends as a success', () => {
    expect(checkCompensation(changed({ OrderCancelled: { Type: 'Succeed' } }))).toContain(
      'ChargePayment / PaymentDeclinedError: OrderCancelled is not a Fail state',
    );
  });

  it('a chain that never ends', () => {
    const definition = changed({ RefundPayment: { Next: 'ReleaseInventory' } });
    expect(checkCompensation(definition)).toContain(
      'CreateShipment / States.ALL: ends in ReleaseInventory, RefundPayment, ' +
        'not PublishOrderCancelled, OrderCancelled',
    );
  });

  it('what is owed for a step that is new on the happy path', () => {
    const definition = changed({
      ReserveInventory: { Next: 'ReserveCourier' },
      ReserveCourier: {
        Type: 'Task',
        Catch: [caught('ReleaseInventory', 'States.ALL')],
        Next: 'CreateShipment',
      },
    });
    expect(checkCompensation(definition)).toEqual([
      'ReserveCourier / States.ALL: ReleaseCourier is missing',
      'CreateShipment / AddressUndeliverableError: ReleaseCourier is missing',
      'CreateShipment / States.ALL: ReleaseCourier is missing',
    ]);
  });
});
