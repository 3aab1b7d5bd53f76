import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  DynamoDBDocumentClient,
  GetCommand,
} from '@aws-sdk/lib-dynamodb';

/**
 * One client per function instance, kept between invocations. Time-outs are far below a function's own (10 s), so that a
 * hanging call becomes an error we can name, and the SDK's own retries still fit: 3 x 2 s + back-off.
 */
export const dynamodb = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
});

export const documents = DynamoDBDocumentClient.from(dynamodb, {
  marshallOptions: { removeUndefinedValues: true },
  // The models refuse a number that JavaScript cannot hold exactly. The SDK would throw away the whole answer.
  unmarshallOptions: { wrapNumbers: Number },
});

type Key = Record<string, unknown>;
interface Page {
  readonly Items?: Record<string, unknown>[] | undefined;
  readonly LastEvaluatedKey?: Key | undefined;
}

/**
 * All items of a query or a scan, to its last page; only for lists that are known to be short.
 * @param read reads the page after this key
 */
export const allItems = async <Item>(read: (after: Key | undefined) => Promise<Page>): Promise<Item[]> => {
  const items: Item[] = [];
  let after: Key | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await read(after);
    items.push(...(Items as Item[]));
    after = LastEvaluatedKey;
  } while (after);
  return items;
};

/** The item with this key, as it is now. @returns undefined where there is none */
export const itemByKey = async <Item>(table: string, key: Key): Promise<Item | undefined> => {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
  return Item as Item | undefined;
};

/**
 * The items with these keys, as they are now, in no particular order, without those that do not exist.
 * @param keys up to 100
 */
export const itemsByKeys = async <Item>(table: string, keys: readonly Key[]): Promise<Item[]> => {
  const items: Item[] = [];
  let wanted: Key[] | undefined = [...keys];
  while (wanted?.length) {
    const { Responses, UnprocessedKeys }: BatchGetCommandOutput = await documents.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
    );
    items.push(...((Responses?.[table] ?? []) as Item[]));
    wanted = UnprocessedKeys?.[table]?.Keys;
  }
  return items;
};
