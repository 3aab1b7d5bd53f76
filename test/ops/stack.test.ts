import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveHttp } from '../../local/http.ts';
import { run } from '../../ops/run.ts';
import { openShop, type Shop } from '../../testbed/shop.ts';

let shop: Shop;
let server: Awaited<ReturnType<typeof serveHttp>>;
beforeAll(async () => {
  shop = await openShop();
  server = await serveHttp(0, (request) => shop.stack.apis.operators.handle(request));
});
afterAll(async () => {
  await server.close();
  await shop.close();
});

const ops = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout = '', stderr } = await run([...args, '--url', server.url]);
  await shop.settle();
  expect([exitCode, stderr]).toEqual([0, undefined]);
  return stdout;
};
const refundFails = Array.from(
  { length: 11 },
  (_, index) => ({ state: 'RefundPayment', attempt: index + 1, fault: 'error-before' }) as const,
);

describe('the commands against the stack', () => {
  it('find a parked order, let it go on, and tell its story', async () => {
    const { orderId } = await shop.order({ postalCode: '00000' }, refundFails);
    expect(await ops('parked')).toMatch(new RegExp(`^${orderId}  ParkUndo  InjectedError`, 'm'));
    expect(await ops('show', orderId)).toMatch(/^waits +in ParkUndo for .*, because of InjectedError$/m);
    expect(await ops('orders', '--status', 'needs_attention')).toContain(orderId);
    expect(await ops('resume', orderId)).toBe(`${orderId} goes on from ParkUndo`);
    expect(await ops('parked')).toBe('no order is parked');

    const story = (await ops('timeline', orderId)).split('\n').map((line) => line.replace(/^.*? {2}/, ''));
    const told = [
      /^✓ payment charged \(ChargePayment, /,
      /^✓ stock reserved \(ReserveInventory, /,
      /^✗ the parcel was not booked: the order cannot be delivered: .* \(CreateShipment, AddressUndeliverableError\)$/,
      /^↩ stock back on the shelf \(ReleaseInventory, /,
      /^✗ the money could not be given back: .* \(RefundPayment, InjectedError, 11 attempts\)$/,
      /^‖ parked: waits for an operator \(ParkUndo, InjectedError\)$/,
      /^▶ goes on: resumed by local-operator after /,
      /^↩ money back \(RefundPayment, /,
      /^✓ order cancelled: everything is undone/,
    ].map((line) => story.findIndex((each) => line.test(each)));
    expect(told).not.toContain(-1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    for (const listener of ['notify-customer', 'record-metrics', 'log-event', 'project-order'])
      expect(story.join('\n')).toContain(`· ${listener} has dealt with OrderCancelled`);
  });

  it('undo a confirmed order, and show what became of it', async () => {
    const { orderId } = await shop.order();
    await ops('cancel', orderId);
    expect(await ops('show', orderId)).toMatch(/^failed +An operator has cancelled the order\./m);
    const listed = JSON.parse(await ops('orders', '--status', 'cancelled', '--json')) as {
      orders: { orderId: string }[];
    };
    expect(listed.orders.map((order) => order.orderId)).toContain(orderId);
    expect(await ops('deliveries', orderId)).toMatch(/^notify-customer +OrderCancelled +done +1 /m);
  });

  it('erase who placed an order, once it has ended, and show that', async () => {
    const { orderId } = await shop.order({ postalCode: '00000' }, refundFails);
    const refused = await run(['erase', orderId, '--url', server.url]);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('still being worked on') });
    await ops('resume', orderId);
    expect(await ops('erase', orderId)).toMatch(/^erased\n {2}the table PersonalData: name, address/m);
    expect(await ops('show', orderId)).toMatch(/^erased +personal data, .* by local-operator$/m);
  });

  it('erase who a customer is, in each of their orders', async () => {
    const { orderId } = await shop.order();
    const records = await shop.stack.scan('RecordsOrders');
    const customer = records.find((each) => each.orderId?.S === orderId)?.customerId?.S ?? '';
    const theirs = records.filter(({ customerId }) => customerId?.S === customer);
    expect(await ops('erase-customer', customer)).toBe(
      `${customer}: personal data of ${theirs.length} of ${theirs.length} orders erased`,
    );
    expect(await ops('show', orderId)).toMatch(/^erased +personal data/m);
  });

  it('name on the order what a listener could not be given, though it has left no record', async () => {
    shop.stack.deliveryFaults.add([{ listener: 'notify-customer', fault: 'listener-error', times: 3 }]);
    const { orderId } = await shop.order();
    expect(await ops('dead-letters')).toMatch(
      new RegExp(
        `^notify-customer +${orderId} +OrderConfirmed .* InjectedError: a fault was asked for$`,
        'm',
      ),
    );
    expect(await ops('show', orderId)).toMatch(
      /^undelivered +OrderConfirmed to notify-customer: InjectedError: /m,
    );
    expect(await ops('timeline', orderId)).toMatch(/✗ notify-customer gave up on OrderConfirmed/);
    await ops('redrive', 'notify-customer');
    expect(await ops('show', orderId)).not.toContain('undelivered');
  });

  it('look after dead letters, replays and open orders', async () => {
    expect(await ops('dead-letters')).toMatch(/^log-event +0$/m);
    expect(await ops('redrive', 'log-event')).toBe('log-event: 0 given again, 0 left');
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const { replay } = JSON.parse(
      await ops('replay', '--from', from, '--to', new Date().toISOString(), '--json'),
    ) as { replay: string };
    expect(await ops('replay-state', replay)).toBe(`${replay}: COMPLETED`);
    expect(await ops('reconcile')).toMatch(/^\d+ looked at\nnothing had to be mended$/);
  });

  it('end with the exit code that they announce', async () => {
    const { orderId } = await shop.order();
    const refused = await run(['resume', orderId, '--url', server.url]);
    expect(refused).toEqual({ exitCode: 1, stderr: `order ${orderId} is not parked` });
    const ran = spawnSync(process.execPath, [join(import.meta.dirname, '../../ops/ops.ts'), 'fly'], {
      encoding: 'utf8',
    });
    expect([ran.status, ran.stdout, ran.stderr.split('\n')[0]]).toEqual([2, '', 'fly: no such command']);
  });
});
