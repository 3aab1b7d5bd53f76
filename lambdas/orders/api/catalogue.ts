import { Product } from '../../../catalogue/product.ts';
import { itemsByKeys } from '../../runtime/dynamodb.ts';
import { logger } from '../../runtime/logger.ts';
import { fieldErrors } from '../../runtime/valid-fields.ts';

/** The catalogue table: one `Product` per row. Prices come from here, never from a client. */
export const catalogueTable = (table: string) => ({
  /**
   * The products of up to 100 SKUs (the most that BatchGetItem takes), by SKU. Those that do not exist are left out, and
   * so are rows that are no valid product: they cannot be sold, and the log says why.
   */
  find: async (skus: readonly string[]): Promise<ReadonlyMap<string, Product>> => {
    const found = new Map<string, Product>();
    const keys = skus.map((sku) => ({ sku }));
    for (const row of await itemsByKeys<Record<string, unknown>>(table, keys)) {
      const { data, error } = Product.safeParse(row);
      if (data) found.set(data.sku, data);
      else logger.error('a product cannot be sold', { sku: row.sku, errors: fieldErrors(error) });
    }
    return found;
  },
});
export type Catalogue = ReturnType<typeof catalogueTable>;
