import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compensationGraph, pathFrom, reachableFrom } from './compensation-graph.ts';
import type { Catcher, Definition, State } from './definition.ts';

// A saga of three steps, as it stood once: what the checks can see does not change with the real one.
const saga: Definition = JSON.parse(readFileSync(join(import.meta.dirname, 'fixture.asl.json'), 'utf8'));
const { States } = saga;
const STEPS = {
  ChargePayment: { undo: { name: 'RefundPayment' }, refusals: { PaymentDeclinedError: {} } },
  ReserveInventory: { undo: { name: 'ReleaseInventory' }, refusals: { OutOfStockError: {} } },
  CreateShipment: { undo: { name: 'CancelShipment' }, refusals: { AddressUndeliverableError: {} } },
};
const { checkCompensation, checkParking, isUndo, owedUndos } = compensationGraph(STEPS);

/** The saga, but for what is given of some states. */
const changed = (states: Readonly<Record<string, Partial<State>>>) => ({
  ...saga,
  States: {
    ...States,
    ...Object.fromEntries(
      Object.entries(states).map(([name, change]) => [name, { ...(States[name] as State), ...change }]),
    ),
  },
});
const caught = (Next: string, ...ErrorEquals: string[]): Catcher => ({ ErrorEquals, Next });

describe('the compensation of a sound saga', () => {
  it('is without complaint', () => {
    expect(checkCompensation(saga)).toEqual([]);
  });

  it('is owed for the steps of the happy path', () => {
    expect(pathFrom(saga, saga.StartAt)).toEqual([
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
    ['ChargePayment', 'OrderAlreadyCancelledError', ['CancelShipment', 'ReleaseInventory', 'RefundPayment']],
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
      'ChargePayment / OrderAlreadyCancelledError: ReleaseInventory is missing',
      'ReserveInventory / OrderAlreadyCancelledError: ReleaseInventory is missing',
      'CreateShipment / OrderAlreadyCancelledError: ReleaseInventory is missing',
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

  it('an undo that may have begun elsewhere, and is not finished', () => {
    const definition = changed({
      ReserveInventory: {
        Catch: [
          caught('RefundPayment', 'OutOfStockError', 'OrderAlreadyCancelledError'),
          caught('ReleaseInventory', 'States.ALL'),
        ],
      },
    });
    expect(checkCompensation(definition)).toEqual([
      'ReserveInventory / OrderAlreadyCancelledError: CancelShipment is missing',
      'ReserveInventory / OrderAlreadyCancelledError: ReleaseInventory is missing',
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
    const withCourier = { ...STEPS, ReserveCourier: { undo: { name: 'ReleaseCourier' }, refusals: {} } };
    expect(compensationGraph(withCourier).checkCompensation(definition)).toEqual([
      'ChargePayment / OrderAlreadyCancelledError: ReleaseCourier is missing',
      'ReserveInventory / OrderAlreadyCancelledError: ReleaseCourier is missing',
      'ReserveCourier / States.ALL: ReleaseCourier is missing',
      'CreateShipment / AddressUndeliverableError: ReleaseCourier is missing',
      'CreateShipment / OrderAlreadyCancelledError: ReleaseCourier is missing',
      'CreateShipment / States.ALL: ReleaseCourier is missing',
    ]);
  });
});

describe('the way of an order', () => {
  const UNDO_TASKS = ['CancelShipment', 'ReleaseInventory', 'RefundPayment'];
  const UNDOS = [...UNDO_TASKS, 'IsEverythingUndone'];
  const CLEAN = ['PublishOrderCancelled', 'OrderCancelled'];
  const from = (start: string, ...failing: readonly string[]) => pathFrom(saga, start, failing);

  it.each([
    ['is clean where nothing fails', [], [...UNDOS, ...CLEAN]],
    [
      'parks at once where the shipment cannot be cancelled: nothing is refunded before',
      ['CancelShipment'],
      ['CancelShipment', 'ParkUndo', 'IsKept', 'RetryUndo', ...UNDOS, ...CLEAN],
    ],
    [
      'parks where the stock cannot be released, with the money given back first',
      ['ReleaseInventory'],
      [...UNDOS, 'ParkUndo', 'IsKept', 'RetryUndo', ...UNDOS, ...CLEAN],
    ],
    [
      'parks where the money cannot be given back',
      ['RefundPayment'],
      [...UNDO_TASKS, 'ParkUndo', 'IsKept', 'RetryUndo', ...UNDOS, ...CLEAN],
    ],
    [
      'parks once where two fail',
      ['ReleaseInventory', 'RefundPayment'],
      [...UNDO_TASKS, 'ParkUndo', 'IsKept', 'RetryUndo', ...UNDOS, ...CLEAN],
    ],
    [
      'goes on by itself where nobody has come to the parking',
      ['RefundPayment', 'ParkUndo'],
      [...UNDO_TASKS, 'ParkUndo', 'RetryUndo', ...UNDOS, ...CLEAN],
    ],
    [
      'parks before its end is told where that cannot be published',
      ['PublishOrderCancelled'],
      [...UNDOS, 'PublishOrderCancelled', 'ParkCancellation', ...CLEAN],
    ],
  ])('that is undone %s', (_, failing, path) => {
    expect(from('CancelShipment', ...failing)).toEqual(path);
  });

  describe('whose parcel has left, and that is kept,', () => {
    const kept = (more: readonly string[], ...failing: readonly string[]) =>
      pathFrom(saga, 'ParkUndo', failing, ['$.resolutions.KeepShipment', ...more]);
    const way = ['ParkUndo', 'IsKept', 'KeepShipment', 'WasConfirmed'];

    it('leads to the publication of its keeping where it was confirmed', () => {
      const told = [...way, 'PublishOrderKept'];
      expect(kept(['$.wasConfirmed'])).toEqual(told);
      const again = [...told, 'ParkKeeping', 'PublishOrderKept'];
      expect(kept(['$.wasConfirmed'], 'PublishOrderKept')).toEqual(again);
      expect(kept(['$.wasConfirmed'], 'PublishOrderKept', 'ParkKeeping')).toEqual(again);
    });

    it('leads to that of its confirmation where it was not', () => {
      expect(kept([])).toEqual([...way, 'PublishOrderConfirmed']);
    });

    it('parks again where it cannot be kept', () => {
      expect(kept([], 'KeepShipment').slice(0, 4)).toEqual([
        'ParkUndo',
        'IsKept',
        'KeepShipment',
        'ParkUndo',
      ]);
    });

    it('is undone where nobody came for a day: the word was for one wait', () => {
      expect(kept([], 'ParkUndo').slice(0, 3)).toEqual(['ParkUndo', 'RetryUndo', 'CancelShipment']);
    });

    it('is never undone from there on', () => {
      const reached = [...reachableFrom(saga, 'WasConfirmed')];
      expect(reached.filter((state) => isUndo(state) || CLEAN.includes(state))).toEqual([]);
    });
  });

  it('that has shipped comes back to its publication', () => {
    const path = ['PublishOrderConfirmed', 'ParkConfirmation', 'PublishOrderConfirmed'];
    expect(from('PublishOrderConfirmed', 'PublishOrderConfirmed')).toEqual(path);
    expect(from('PublishOrderConfirmed', 'PublishOrderConfirmed', 'ParkConfirmation')).toEqual(path);
  });
});

describe('the parking of a sound saga', () => {
  it('is without complaint', () => {
    expect(checkParking(saga)).toEqual([]);
  });
});

describe('the check of the parking names', () => {
  const whole = 'CancelShipment, ReleaseInventory, RefundPayment';

  it.each<[string, Parameters<typeof changed>[0], string]>([
    [
      'a refund of what may still ship',
      {
        CancelShipment: {
          Catch: [{ ...caught('ReleaseInventory', 'States.ALL'), ResultPath: '$.undoFailure' }],
        },
      },
      'CancelShipment fails: undoes ReleaseInventory, RefundPayment before it parks, not nothing',
    ],
    [
      'a customer who waits for the money because of the stock',
      { ReleaseInventory: { Catch: [caught('ParkUndo', 'States.ALL')] } },
      'ReleaseInventory fails: undoes nothing before it parks, not RefundPayment',
    ],
    [
      'a failed undo that nobody has noted',
      { ReleaseInventory: { Catch: [caught('RefundPayment', 'States.ALL')] } },
      'ReleaseInventory fails: the order does not park, and comes to OrderCancelled',
    ],
    [
      'a failed undo that nobody looks for',
      { IsEverythingUndone: { Choices: [] } },
      'ReleaseInventory fails: the order does not park, and comes to OrderCancelled',
    ],
    [
      'a look for another failure',
      { IsEverythingUndone: { Choices: [{ Variable: '$.other.Error', IsPresent: true, Next: 'ParkUndo' }] } },
      'ReleaseInventory fails: the order does not park, and comes to OrderCancelled',
    ],
    [
      'a cancellation that is told though the money is not given back',
      { RefundPayment: { Catch: [caught('PublishOrderCancelled', 'States.ALL')] } },
      'RefundPayment fails: the order does not park, and comes to OrderCancelled',
    ],
    [
      'an undo that is left out once resumed',
      { RetryUndo: { Next: 'ReleaseInventory' } },
      `RefundPayment fails: undoes ReleaseInventory, RefundPayment once resumed, not ${whole}`,
    ],
    [
      'a failure that is not forgotten, so that the order parks for ever',
      { ParkUndo: { Next: 'CancelShipment' } },
      'RefundPayment fails: once resumed, ends in RefundPayment, IsEverythingUndone, ' +
        'not PublishOrderCancelled, OrderCancelled',
    ],
    [
      'a parking that takes its end for an undo',
      { ParkUndo: { Catch: [caught('PublishOrderCancelled', 'States.ALL')] } },
      'ParkUndo goes on elsewhere once it times out',
    ],
    [
      'a publication that is given up',
      { PublishOrderCancelled: { Catch: [caught('OrderCancelled', 'States.ALL')] } },
      'PublishOrderCancelled fails: it does not park, and comes to OrderCancelled',
    ],
    [
      'a publication that is left out once resumed',
      { ParkCancellation: { Next: 'OrderCancelled' } },
      'ParkCancellation does not resume at PublishOrderCancelled',
    ],
    [
      'a publication that is left out once nobody has come',
      { ParkCancellation: { Catch: [caught('OrderCancelled', 'States.ALL')] } },
      'ParkCancellation goes on elsewhere once it times out',
    ],
    [
      'a shipped order that is undone after all',
      { ParkConfirmation: { Catch: [caught('RefundPayment', 'States.ALL')] } },
      'a shipped order may come to RefundPayment',
    ],
    [
      'a shipped order that is undone where a choice wants it',
      { PublishOrderConfirmed: { Next: 'IsEverythingUndone' } },
      'a shipped order may come to CancelShipment',
    ],
  ])('%s', (_, changes, complaint) => {
    expect(checkParking(changed(changes))).toContain(complaint);
  });
});

describe('the check of the waits', () => {
  const WITH_WAITS = {
    ...STEPS,
    ChargePayment: {
      ...STEPS.ChargePayment,
      waits: { PaymentPendingError: { state: 'AwaitDebit' } },
      expiry: { state: 'PaymentExpired' },
    },
  };
  const wait: State = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    ResultPath: null,
    Catch: [caught('PaymentExpired', 'States.Timeout'), caught('RefundPayment', 'States.ALL')],
    Next: 'ChargePayment',
  };
  const { ChargePayment } = States as Readonly<Record<string, State>>;
  const waiting = (of: Partial<State> = {}, catcher: Partial<Catcher> = {}) => ({
    ...saga,
    States: {
      ...States,
      ChargePayment: {
        ...(ChargePayment as State),
        Catch: [
          { ErrorEquals: ['PaymentPendingError'], ResultPath: null, Next: 'AwaitDebit', ...catcher },
          ...(ChargePayment?.Catch ?? []),
        ],
      },
      AwaitDebit: { ...wait, ...of },
      PaymentExpired: { Type: 'Pass', ResultPath: '$.failure', Next: 'RefundPayment' },
    },
  });
  const graph = compensationGraph(WITH_WAITS);

  it('is without complaint where a step is waited for', () => {
    const definition = waiting();
    expect(graph.checkWaits(definition)).toEqual([]);
    expect(graph.checkCompensation(definition)).toEqual([]);
    expect(graph.checkParking(definition)).toEqual([]);
  });

  it.each<[string, Definition, string]>([
    [
      'an error that leads elsewhere',
      waiting({}, { Next: 'ReserveInventory' }),
      'ChargePayment / PaymentPendingError: leads to ReserveInventory, not AwaitDebit',
    ],
    ['a wait that waits for nothing', waiting({ Resource: 'arn' }), 'AwaitDebit does not wait'],
    [
      'an outcome that is taken from whoever wakes it',
      waiting({ Next: 'ReserveInventory' }),
      'AwaitDebit does not go back to ChargePayment',
    ],
    [
      'a charge that is repeated with other data',
      waiting({ ResultPath: '$' }),
      'AwaitDebit changes what ChargePayment is done again with',
    ],
    [
      'a time-out without a name',
      waiting({ Catch: [caught('RefundPayment', 'States.Timeout', 'States.ALL')] }),
      'AwaitDebit times out to elsewhere than PaymentExpired',
    ],
    [
      'a charge that may come yet, and is not undone',
      waiting({
        Catch: [caught('PaymentExpired', 'States.Timeout'), caught('PublishOrderCancelled', 'States.ALL')],
      }),
      'AwaitDebit / States.ALL: RefundPayment is missing',
    ],
  ])('names %s', (_, definition, complaint) => {
    expect(graph.checkWaits(definition)).toEqual([complaint]);
  });
});
