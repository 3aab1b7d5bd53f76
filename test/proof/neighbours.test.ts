import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { settleNeighbours } from '../../proof/neighbours.ts';
import { MUG, openShop, type Shop } from '../../testbed/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop([{ ...MUG, available: 10 }]);
});
afterAll(() => shop.close());

it('what becomes of an order leaves another alone that wants the same; what is taken from that is told', async () => {
  const neighbours = await settleNeighbours(shop, [MUG.sku]);
  await shop.order({}, [{ state: 'CreateShipment', attempt: 1, fault: 'error-after' }]);
  await expect(neighbours.disturbed()).resolves.toEqual([]);

  const [{ orderId = '' } = {}] = neighbours.orders;
  await shop.stack.call('DynamoDB_20120810', 'UpdateItem', {
    TableName: 'InventoryReservations',
    Key: { orderId: { S: orderId } },
    UpdateExpression: 'SET #state = :released',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':released': { S: 'RELEASED' } },
  });
  await expect(neighbours.disturbed()).resolves.toMatchObject([
    { message: expect.stringMatching(/what another order has stays as it is: .*InventoryReservations had/) },
  ]);
});
