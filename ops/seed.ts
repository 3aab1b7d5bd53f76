// npm run seed -- --stage dev [--file local/seed.json]
// Puts products on sale in a deployed stage: those that are not there yet; the others stay as they are.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { outputsOf } from './stage.ts';

const Products = z.array(
  z.strictObject({
    sku: z.string().min(1),
    name: z.string().min(1),
    unitPriceCents: z.int().positive(),
    currency: z.string().length(3),
    available: z.int().nonnegative(),
  }),
);

/** @returns how many products are new. @throws Error naming the stack's output that is missing */
export const seedStage = async (
  cloudFormation: CloudFormationClient,
  documents: DynamoDBDocumentClient,
  stage: string,
  products: z.infer<typeof Products>,
): Promise<number> => {
  const output = await outputsOf(cloudFormation, stage);
  const putOnce = async (TableName: string, Item: object): Promise<boolean> => {
    try {
      await documents.send(
        new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(sku)' }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  let added = 0;
  for (const { available, ...product } of products) {
    // The stock first: what is in the catalogue can be ordered at once.
    await putOnce(output('StockTable'), { sku: product.sku, available });
    if (await putOnce(output('CatalogueTable'), product)) added += 1;
  }
  return added;
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string', default: 'dev' },
      file: { type: 'string', default: 'local/seed.json' },
    },
  });
  try {
    const products = Products.parse(JSON.parse(readFileSync(values.file, 'utf8')));
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
    const added = await seedStage(new CloudFormationClient(), documents, values.stage, products);
    console.log(`${added} of ${products.length} products are new in stage ${values.stage}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
