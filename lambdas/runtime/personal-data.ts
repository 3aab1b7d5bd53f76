import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { documents } from './dynamodb.ts';
import { env, ResourceName } from './env.ts';
import { validInput } from './valid-input.ts';

/** The environment of a function that reads or writes personal data. */
export const PersonalDataEnv = z.object({ PERSONAL_DATA_TABLE: ResourceName });

/** The order's personal data is erased, or never existed: a step that needs it cannot be done any more. */
export class PersonalDataErasedError extends Error {
  override readonly name = 'PersonalDataErasedError';
  constructor(orderId: string) {
    super(`the personal data of order ${orderId} is erased`);
  }
}

/**
 * Reads the part of an order's personal data that a step needs, and nothing else. The workflow hands its steps only the
 * order's id, because its input stays in the execution's history and in the events about it, where nothing can be erased.
 * @param table the one that `lambdas/orders/personal-data.ts` writes, by `orderId`
 * @throws PersonalDataErasedError; InvalidInputError naming each bad field
 */
export const personalDataReader =
  (table: string) =>
  async <Part extends z.ZodObject>(orderId: string, part: Part): Promise<z.infer<Part>> => {
    const names = Object.keys(part.shape);
    const { Item } = await documents.send(
      new GetCommand({
        TableName: table,
        Key: { orderId },
        ConsistentRead: true,
        ProjectionExpression: names.map((name) => `#${name}`).join(', '),
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      }),
    );
    if (!Item) throw new PersonalDataErasedError(orderId);
    return validInput(part, Item);
  };
export type PersonalDataReader = ReturnType<typeof personalDataReader>;

/** The reader, for a function that has the table in its environment. */
export const personalData = (): PersonalDataReader =>
  personalDataReader(env(PersonalDataEnv).PERSONAL_DATA_TABLE);
