import { SendTaskSuccessCommand, TaskTimedOut } from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../../lambdas/orders/api/resume-order.ts';
import type { OrderRecord, Parking, Resumption } from '../../../../lambdas/orders/order.ts';
import { UNDOS } from '../../../../saga/steps.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import {
  AT,
  aborted,
  begun,
  type ExecutionsInMemory,
  entered,
  executionsInMemory,
  machines,
  undone,
} from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';
import { resume } from './resuming.ts';

const { fulfillment, continuation } = machines();
const parkedAt = '2026-01-15T09:36:00.000Z';
const parked = (parking: Partial<Parking> = {}): OrderRecord =>
  placedOrder({
    openSince: AT,
    parkedAt,
    parking: { state: 'ParkUndo', error: 'OopsError', token: 'token-1', resolutions: {}, ...parking },
    resumptions: {},
  });

let tables: TablesInMemory;
let engine: ExecutionsInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId', Actions: 'action' });
  engine = executionsInMemory();
  engine.waits('token-1');
});
const placed = (order: OrderRecord) => tables.seed('Orders', { ...order });
const order = () => tables.row('Orders', 'ord_1');
const unparked = placedOrder({ openSince: AT });
/** The same, with who has let it go on. */
const resumedFrom = (state: string, notes = {}) => ({
  ...unparked,
  resumptions: { [parkedAt]: { state, by: 'operator-1', at: expect.any(String), notes } },
});

describe('resume-order', () => {
  it('wakes the workflow, whoever has placed the order, and takes it out of the parked', async () => {
    placed(parked());
    await expect(resume()).resolves.toMatchObject({
      status: 202,
      body: { orderId: 'ord_1', resumed: 'ParkUndo' },
    });
    expect(engine.answers()).toEqual([{ token: 'token-1', output: {} }]);
    expect(order()).toEqual(resumedFrom('ParkUndo'));
  });

  it('hands it what was settled by hand, signed with who and when', async () => {
    placed(parked());
    const before = new Date().toISOString();
    await resume({ resolutions: { RefundPayment: { note: 'paid back in cash' } } });
    const { RefundPayment, ...others } = engine.answers()[0]?.output ?? {};
    expect(others).toEqual({});
    expect(RefundPayment).toEqual({ note: 'paid back in cash', by: 'operator-1', at: expect.any(String) });
    expect(RefundPayment.at >= before && RefundPayment.at <= new Date().toISOString()).toBe(true);
  });

  it('keeps what was settled before, and lets a newer word count', async () => {
    const earlier = { note: 'earlier', by: 'operator-0', at: AT };
    placed(parked({ resolutions: { CancelShipment: earlier, RefundPayment: earlier } }));
    await resume({
      resolutions: { RefundPayment: { note: 'newer' }, ReleaseInventory: { note: 'counted' } },
    });
    expect(engine.answers()).toMatchObject([
      {
        output: {
          CancelShipment: earlier,
          RefundPayment: { note: 'newer', by: 'operator-1' },
          ReleaseInventory: { note: 'counted', by: 'operator-1' },
        },
      },
    ]);
  });

  it('keeps on record who has let it go on, each time', async () => {
    const earlier = { [AT]: { state: 'ParkUndo', by: 'operator-0', at: AT, notes: {} } };
    placed({ ...parked(), resumptions: earlier });
    await resume({ resolutions: { RefundPayment: { note: 'paid back in cash' } } });
    const { resumptions } = resumedFrom('ParkUndo', { RefundPayment: 'paid back in cash' });
    expect(order()).toEqual({ ...unparked, resumptions: { ...earlier, ...resumptions } });
  });

  it('has it on record before the workflow goes on: whatever ends the order then does not take it away', async () => {
    placed(parked());
    engine.calls.on(SendTaskSuccessCommand).callsFake(async () => {
      const { parkedAt: _, parking: __, openSince: ___, ...ended } = order() as unknown as OrderRecord;
      placed({ ...ended, outcome: { status: 'CANCELLED', endedAt: AT, reason: 'OopsError' } });
      return {};
    });
    await expect(resume()).resolves.toMatchObject({ status: 202 });
    expect(order()).toMatchObject({
      outcome: { status: 'CANCELLED' },
      resumptions: { [parkedAt]: { by: 'operator-1' } },
    });
  });

  it('of several at once lets one through, and refuses the others', async () => {
    placed(parked());
    const operators = ['operator-1', 'operator-1', 'operator-2'];
    const answers = await Promise.all(operators.map((operator) => resume({}, operator)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const winner = operators[answers.findIndex(({ status }) => status === 202)];
    expect(engine.answers()).toHaveLength(1);
    expect(order()).toMatchObject({ resumptions: { [parkedAt]: { by: winner } } });
  });

  it.each<[string, Partial<Resumption>]>([
    ['has died half-way', { at: new Date(0).toISOString() }],
    ['was left without an answer', { at: new Date().toISOString(), isInDoubt: true }],
  ])('takes over where an earlier word %s, whether or not it has woken the workflow', async (_, changes) => {
    const earlier = { state: 'ParkUndo', by: 'operator-0', at: AT, notes: {}, ...changes };
    placed({ ...parked(), resumptions: { [parkedAt]: earlier } });
    await expect(resume()).resolves.toMatchObject({ status: 202 });
    expect(order()).toEqual(resumedFrom('ParkUndo'));
    placed({ ...parked({ token: 'used-up' }), resumptions: { [parkedAt]: earlier } });
    await expect(resume()).resolves.toMatchObject({ status: 202 });
  });

  it('is refused while another word is at work', async () => {
    const earlier = { state: 'ParkUndo', by: 'operator-0', at: new Date().toISOString(), notes: {} };
    placed({ ...parked(), resumptions: { [parkedAt]: earlier } });
    await expect(resume()).resolves.toMatchObject({
      status: 409,
      body: { type: 'urn:order-saga:problem:order-being-resumed' },
    });
    expect(engine.answers()).toEqual([]);
  });

  it('counts where the engine has taken the word, its answer was lost, and the SDK asked again', async () => {
    placed(parked());
    engine.calls
      .on(SendTaskSuccessCommand)
      .rejects(new TaskTimedOut({ $metadata: { attempts: 2 }, message: 'Task Timed Out' }));
    await expect(resume()).resolves.toMatchObject({ status: 202 });
    expect(order()).toEqual(resumedFrom('ParkUndo'));
  });

  it('wakes before it tidies up: where we die in between, a second resume finds the workflow awake', async () => {
    placed(parked());
    engine.calls.on(SendTaskSuccessCommand).callsFake(async () => {
      expect(order()).toMatchObject({ parkedAt });
      return {};
    });
    await expect(resume()).resolves.toMatchObject({ status: 202 });
    expect(engine.answers()).toHaveLength(1);
  });

  it('leaves an order alone that has been parked again since', async () => {
    placed(parked());
    const again = { ...parked({ token: 'token-2' }), parkedAt: '2026-01-15T09:50:00.000Z' };
    // The first write puts the call on record.
    tables.beforeNextWrite(async () => tables.beforeNextWrite(async () => placed(again)));
    await expect(resume()).resolves.toMatchObject({ status: 409 });
    expect(engine.answers()).toEqual([]);
    expect(order()).toEqual(again);
  });

  it('leaves the order parked where the engine fails', async () => {
    placed(parked());
    engine.calls.on(SendTaskSuccessCommand).rejects(new Error('engine away'));
    await expect(resume()).resolves.toMatchObject({ status: 500 });
    expect(order()).toMatchObject({ ...parked(), resumptions: { [parkedAt]: { isInDoubt: true } } });
  });
});

describe('resume-order is refused', () => {
  it('where the order is not parked', async () => {
    placed(unparked);
    await expect(resume()).resolves.toMatchObject({
      status: 409,
      body: { type: 'urn:order-saga:problem:order-not-parked' },
    });
    expect(engine.calls.calls()).toEqual([]);
  });

  it('where the workflow does not wait by its token any more: it may by a later one, so the order stays parked', async () => {
    placed(parked({ token: 'used-up' }));
    await expect(resume()).resolves.toMatchObject({
      status: 409,
      body: { detail: 'order ord_1 is not parked' },
    });
    // Nor does the word stand in the way of the next one.
    expect(order()).toMatchObject({
      ...parked({ token: 'used-up' }),
      resumptions: { [parkedAt]: { isInDoubt: true } },
    });
  });

  it('the second time', async () => {
    placed(parked());
    await expect(resume()).resolves.toMatchObject({ status: 202 });
    await expect(resume()).resolves.toMatchObject({ status: 409 });
    expect(engine.answers()).toHaveLength(1);
  });

  it('where there is no such order', async () => {
    await expect(resume()).resolves.toMatchObject({
      status: 404,
      body: { type: 'urn:order-saga:problem:order-not-found' },
    });
  });

  it.each<[string, unknown, string]>([
    ['an undo that we do not know', { ChargePayment: { note: 'x' } }, 'resolutions.ChargePayment'],
    ['no note', { RefundPayment: {} }, 'resolutions.RefundPayment.note'],
    ['an empty note', { RefundPayment: { note: '' } }, 'resolutions.RefundPayment.note'],
    [
      'a note of more than 500 characters',
      { RefundPayment: { note: 'x'.repeat(501) } },
      'resolutions.RefundPayment.note',
    ],
    [
      'a signature of its own',
      { RefundPayment: { note: 'x', by: 'someone' } },
      'resolutions.RefundPayment.by',
    ],
    ['a list', [], 'resolutions'],
  ])('with %s', async (_, resolutions, field) => {
    placed(parked());
    const answer = await resume({ resolutions });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(engine.calls.calls()).toEqual([]);
    expect(order()).toEqual(parked());
  });

  it('with an undo that we do not know, naming those that there are', async () => {
    placed(parked());
    await expect(resume({ resolutions: { ChargePayment: { note: 'x' } } })).resolves.toMatchObject({
      body: { errors: [{ message: `is not one of ${UNDOS.join(', ')}` }] },
    });
  });

  it.each([
    ['with a field that we do not know', { force: true }, 'force'],
    ['without JSON', 'resume', '(body)'],
  ])('%s', async (_, body, field) => {
    placed(parked());
    await expect(resume(body)).resolves.toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(order()).toEqual(parked());
  });

  it.each(['ParkConfirmation', 'ParkCancellation'])(
    'with a resolution where it waits in %s: there is no undo to settle',
    async (state) => {
      placed(parked({ state }));
      await expect(resume({ resolutions: { RefundPayment: { note: 'x' } } })).resolves.toMatchObject({
        status: 400,
        body: { errors: [{ field: 'resolutions' }] },
      });
      expect(engine.calls.calls()).toEqual([]);
      expect(order()).toEqual(parked({ state }));
      await expect(resume()).resolves.toMatchObject({ status: 202, body: { resumed: state } });
    },
  );

  it('to callers whom no authorizer knows', async () => {
    placed(parked());
    const request = apiRequest({
      routeKey: 'POST /ops/orders/{orderId}/resume',
      path: { orderId: 'ord_1' },
      body: {},
      authorizer: undefined,
    });
    await expect(ask(handler, request)).resolves.toMatchObject({ status: 401 });
    expect(engine.calls.calls()).toEqual([]);
  });
});

describe('an order whose execution has ended for good', () => {
  const { token: _, ...parking } = parked({ state: 'Recovery' }).parking as Parking;
  const left = { ...parked(), parking };
  const ended = (name: string) =>
    engine.has(name === 'ord_1' ? fulfillment : continuation, name, begun, entered('RefundPayment'), aborted);

  it('goes on once more, though it was tried often enough, with what was settled by hand', async () => {
    placed(left);
    for (const name of ['ord_1', 'ord_1-1', 'ord_1-2', 'ord_1-3']) ended(name);
    await expect(
      resume({ resolutions: { RefundPayment: { note: 'paid back in cash' } } }),
    ).resolves.toMatchObject({ status: 202, body: { resumed: 'Recovery' } });
    expect(engine.starts()).toMatchObject([
      {
        machine: continuation,
        name: 'ord_1-4',
        input: { resolutions: { RefundPayment: { note: 'paid back in cash', by: 'operator-1' } } },
      },
    ]);
    expect(engine.answers()).toEqual([]);
    expect(order()).toEqual(resumedFrom('Recovery', { RefundPayment: 'paid back in cash' }));
  });

  it.each([
    ['is at work again', [begun, entered('RefundPayment')]],
    ['has been undone since', [begun, undone('OutOfStockError')]],
  ])('is not parked where it %s', async (_, last) => {
    placed(left);
    ended('ord_1');
    engine.has(continuation, 'ord_1-1', ...last);
    await expect(resume()).resolves.toMatchObject({ status: 409 });
    expect(engine.starts()).toEqual([]);
    expect(order()).toMatchObject(unparked);
    expect(order()).not.toHaveProperty('parking');
  });
});
