import { BatchGetCommand, type BatchGetCommandOutput } from '@aws-sdk/lib-dynamodb';
import { documents } from '../runtime/dynamodb.ts';

/** What we sell, and for how much. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  /** Minor units (cents) of `currency`. */
  readonly unitPriceCents: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** The catalogue table: `{sku, name, unitPriceCents, currency}`. Prices come from here, never from a client. */
export const catalogueTable = (table: string) => ({
  /** The products of up to 100 SKUs (a BatchGetItem's most), by SKU; the unknown ones are absent. */
  find: async (skus: readonly string[]): Promise<ReadonlyMap<string, Product>> => {
    const found = new Map<string, Product>();
    let keys: readonly Record<string, unknown>[] | undefined = skus.map((sku) => ({ sku }));
    while (keys?.length) {
      const { Responses, UnprocessedKeys }: BatchGetCommandOutput = await documents.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: [...keys] } } }),
      );
      for (const product of (Responses?.[table] ?? []) as unknown as Product[])
        found.set(product.sku, product);
      keys = UnprocessedKeys?.[table]?.Keys;
    }
    return found;
  },
});
export type Catalogue = ReturnType<typeof catalogueTable>;
