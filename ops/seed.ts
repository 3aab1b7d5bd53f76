import { readFileSync } from 'node:fs';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type NewProduct, newProducts } from '../catalogue/product.ts';
import { commandLine } from '../scripts/command-line.ts';
import { outputsOf } from './stage.ts';

/**
 * @param input what to put on sale, as JSON has it
 * @returns how many of how many are new
 * @throws Error naming each bad field, before anything is written, or the stack's output that is missing
 */
export const seedStage = async (
  cloudFormation: CloudFormationClient,
  documents: DynamoDBDocumentClient,
  stage: string,
  input: unknown,
): Promise<{ readonly added: number; readonly products: readonly NewProduct[] }> => {
  const products = newProducts(input);
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
  return { added, products };
};

if (import.meta.main) {
  const USAGE = `npm run seed -- [--stage STAGE] [--file FILE]

Puts products on sale in a deployed stage: those that are not there yet; the others stay as they are.

  --stage STAGE  default: dev
  --file FILE    the products, as JSON (default: local/seed.json)

exit codes: 0 done, 1 refused or failed, 2 wrong usage`;
  const { values } = commandLine(USAGE, {
    options: {
      stage: { type: 'string', default: 'dev' },
      file: { type: 'string', default: 'local/seed.json' },
    },
  });
  try {
    const input: unknown = JSON.parse(readFileSync(values.file, 'utf8'));
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
    const { added, products } = await seedStage(new CloudFormationClient(), documents, values.stage, input);
    console.log(`${added} of ${products.length} products are new in stage ${values.stage}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
