import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { seedStage } from '../../ops/seed.ts';

const cloudFormation = new CloudFormationClient({ region: 'us-east-1' });
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const stacks = mockClient(cloudFormation);
const tables = mockClient(documents);
const MUG = { sku: 'MUG', name: 'Mug', unitPriceCents: 1250, currency: 'EUR', available: 5 };
const outputs = (...keys: string[]) => ({
  Stacks: [
    {
      StackName: 'order-saga-dev',
      CreationTime: new Date(0),
      StackStatus: 'CREATE_COMPLETE' as const,
      Outputs: keys.map((OutputKey) => ({ OutputKey, OutputValue: `the-${OutputKey}` })),
    },
  ],
});

beforeEach(() => {
  stacks.reset();
  tables.reset();
});

describe('seeding a deployed stage', () => {
  it('puts each product into the stock and the catalogue that the stack names', async () => {
    stacks
      .on(DescribeStacksCommand, { StackName: 'order-saga-dev' })
      .resolves(outputs('StockTable', 'CatalogueTable'));
    tables.on(PutCommand).resolves({});
    expect(await seedStage(cloudFormation, documents, 'dev', [MUG])).toMatchObject({ added: 1 });
    expect(tables.commandCalls(PutCommand).map(({ args }) => args[0].input)).toMatchObject([
      { TableName: 'the-StockTable', Item: { sku: 'MUG', available: 5 } },
      {
        TableName: 'the-CatalogueTable',
        Item: { sku: 'MUG', name: 'Mug', unitPriceCents: 1250, currency: 'EUR' },
      },
    ]);
  });

  it('leaves alone what is there', async () => {
    stacks.on(DescribeStacksCommand).resolves(outputs('StockTable', 'CatalogueTable'));
    tables.on(PutCommand).rejects(new ConditionalCheckFailedException({ message: 'there', $metadata: {} }));
    expect(await seedStage(cloudFormation, documents, 'dev', [MUG])).toMatchObject({ added: 0 });
  });

  it.each([
    ['currency', 'eur'],
    ['currency', undefined],
    ['unitPriceCents', '1250'],
    ['unitPriceCents', 19.99],
    ['unitPriceCents', -500],
    ['unitPriceCents', undefined],
    ['unitPriceCents', null],
    ['available', -1],
    ['sku', 'two words'],
    ['name', ''],
    ['colour', 'white'],
  ])(
    'refuses a product whose %s is %j at the door, and writes nothing of the others',
    async (field, value) => {
      stacks.on(DescribeStacksCommand).resolves(outputs('StockTable', 'CatalogueTable'));
      const products = [MUG, { ...MUG, [field]: value }];
      await expect(seedStage(cloudFormation, documents, 'dev', products)).rejects.toThrow(
        new RegExp(`\\[1\\]|${field}`),
      );
      expect(tables.calls()).toEqual([]);
    },
  );

  it('takes what is free', async () => {
    stacks.on(DescribeStacksCommand).resolves(outputs('StockTable', 'CatalogueTable'));
    tables.on(PutCommand).resolves({});
    const sample = { ...MUG, unitPriceCents: 0 };
    expect(await seedStage(cloudFormation, documents, 'dev', [sample])).toMatchObject({ added: 1 });
  });

  it('names the output that is missing', async () => {
    stacks.on(DescribeStacksCommand).resolves(outputs('StockTable'));
    tables.on(PutCommand).resolves({});
    await expect(seedStage(cloudFormation, documents, 'dev', [MUG])).rejects.toThrow(
      'has no output CatalogueTable',
    );
  });
});
