/**
 * The order has been undone, or is being undone: this step comes too late and has left no effect.
 * Raised by any forward step that meets the fence its undo wrote.
 */
export class OrderAlreadyCancelledError extends Error {
  override readonly name = 'OrderAlreadyCancelledError';
  constructor(orderId: string) {
    super(`order ${orderId} is already cancelled: the step is refused`);
  }
}

/** A task's input is not what its model says: a defect of the workflow's definition, never of the customer. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  constructor(fields: readonly string[]) {
    super(`invalid input: ${fields.join('; ')}`);
  }
}

/** An AWS service did not serve us, though the SDK has tried several times. Whether it acted is unknown; worth a retry. */
export class AwsUnavailableError extends Error {
  override readonly name = 'AwsUnavailableError';
  constructor(cause: Error) {
    super(`${cause.name}: ${cause.message}`, { cause });
  }
}
