/** A table with an index, as a template has one. */
export const STOCK = {
  TableName: 'Stock',
  AttributeDefinitions: [
    { AttributeName: 'sku', AttributeType: 'S' },
    { AttributeName: 'shelf', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'sku', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byShelf',
      KeySchema: [{ AttributeName: 'shelf', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};
