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
 * How a write under a condition went: with the attributes that it asked for, or with the exception by which DynamoDB says
 * that the condition does not hold. Where the write asks for it (`ReturnValuesOnConditionCheckFailure`), the exception
 * holds the item as it is, in DynamoDB's own types.
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

/** Puts the item if the condition holds. */
export const putIf = (put: PutCommandInput): Promise<ConditionalWrite> =>
  conditional(documents.send(new PutCommand(put)));

/** Changes the item if the condition holds. */
export const updateIf = (update: UpdateCommandInput): Promise<ConditionalWrite> =>
  conditional(documents.send(new UpdateCommand(update)));
