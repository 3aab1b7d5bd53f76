import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NewProduct, newProducts } from '../catalogue/product.ts';
import type { DynamoDB } from './aws/dynamodb/dynamodb.ts';

/** What `npm start` puts on sale. @throws Error naming each bad field */
export const seedProducts = (): NewProduct[] =>
  newProducts(JSON.parse(readFileSync(join(import.meta.dirname, 'seed.json'), 'utf8')));

/** Puts on sale the products that are not yet: a restart with `--data` finds its stock as it was. */
export const seed = async (
  dynamodb: DynamoDB,
  tables: { catalogue: string; stock: string },
  products: readonly NewProduct[],
) => {
  const putOnce = (TableName: string, Item: object) =>
    dynamodb
      .call('PutItem', { TableName, Item, ConditionExpression: 'attribute_not_exists(sku)' })
      .catch((error: Error) => {
        if (error.name !== 'ConditionalCheckFailedException') throw error;
      });
  for (const { sku, name, unitPriceCents, currency, available } of products) {
    await putOnce(tables.catalogue, {
      sku: { S: sku },
      name: { S: name },
      unitPriceCents: { N: `${unitPriceCents}` },
      currency: { S: currency },
    });
    await putOnce(tables.stock, { sku: { S: sku }, available: { N: `${available}` } });
  }
};
