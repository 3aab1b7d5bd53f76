import { expect, it } from '@jest/globals';
import { UNDOS, type UndoName } from '../../saga/steps.ts';
import { orderAt, place } from './shop.ts';

const after = (undo: UndoName) => UNDOS.slice(UNDOS.indexOf(undo) + 1);

it('an order goes through', async () => {
  await expect(orderAt(await place('order'), 'CONFIRMED')).resolves.toMatchObject({
    step: 'PublishOrderConfirmed',
    totalCents: 2_500,
  });
});

it.each([
  ['declined', 'PaymentDeclinedError', []],
  ['out-of-stock', 'OutOfStockError', after('ReleaseInventory')],
  ['undeliverable', 'AddressUndeliverableError', after('CancelShipment')],
])('an order that is %s ends with %s, and what was done is undone', async (example, error, undone) => {
  await expect(orderAt(await place(example), 'CANCELLED')).resolves.toMatchObject({
    failure: { error, undone },
  });
});
