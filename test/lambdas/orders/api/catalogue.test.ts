import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { catalogueTable } from '../../../../lambdas/orders/api/catalogue.ts';
import { documents } from '../../../../lambdas/runtime/dynamodb.ts';

const table = mockClient(documents);
beforeEach(() => {
  table.reset();
});
const { find } = catalogueTable('Catalogue');
const product = (sku: string) => ({ sku, name: sku, unitPriceCents: 100, currency: 'EUR' });

describe('the catalogue', () => {
  it('finds products by SKU, and leaves out those that it does not have', async () => {
    table.on(BatchGetCommand).resolves({ Responses: { Catalogue: [product('MUG')] } });
    const found = await find(['MUG', 'NO']);
    expect([...found]).toEqual([['MUG', product('MUG')]]);
  });

  it('asks again for what DynamoDB has left out for lack of room', async () => {
    table
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { Catalogue: [product('MUG')] },
        UnprocessedKeys: { Catalogue: { Keys: [{ sku: 'TEA' }] } },
      })
      .resolves({ Responses: { Catalogue: [product('TEA')] }, UnprocessedKeys: {} });
    const found = await find(['MUG', 'TEA']);
    expect([...found.keys()]).toEqual(['MUG', 'TEA']);
    const asked = table
      .commandCalls(BatchGetCommand)
      .map(({ args: [{ input }] }) => input.RequestItems?.Catalogue?.Keys);
    expect(asked).toEqual([[{ sku: 'MUG' }, { sku: 'TEA' }], [{ sku: 'TEA' }]]);
  });
});
