import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  PutCommand,
  type PutCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
  type UpdateCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { documents } from './dynamodb.ts';

/**
 * What has become of a write under a condition: what it asks to be returned, or the exception that says that the condition
 * does not hold. In the exception is the item as it is, in DynamoDB's own types, where the write asks for that
 * (`ReturnValuesOnConditionCheckFailure`).
 */
export type ConditionalWrite =
  | { readonly isWritten: true; readonly attributes: NonNullable<UpdateCommandOutput['Attributes']> }
  | { readonly isWritten: false; readonly refusal: ConditionalCheckFailedException };

const conditional = async (
  write: Promise<Pick<UpdateCommandOutput, 'Attributes'>>,
): Promise<ConditionalWrite> => {
  try {
    const { Attributes: attributes = {} } = await write;
    return { isWritten: true, attributes };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { isWritten: false, refusal: error };
    throw error;
  }
};

/** Puts the item, if its condition holds. */
export const putIf = (put: PutCommandInput): Promise<ConditionalWrite> =>
  conditional(documents.send(new PutCommand(put)));

/** Changes the item, if its condition holds. */
export const updateIf = (update: UpdateCommandInput): Promise<ConditionalWrite> =>
  conditional(documents.send(new UpdateCommand(update)));
