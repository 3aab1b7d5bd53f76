/**
 * The order has been undone, or is being undone: the step came too late, and has left no effect.
 * Thrown by any forward step that meets the fence which its undo has written.
 */
export class OrderAlreadyCancelledError extends Error {
  override readonly name = 'OrderAlreadyCancelledError';
  constructor(orderId: string) {
    super(`order ${orderId} is already cancelled: the step is refused`);
  }
}

/** A task's input does not fit its model: the workflow's definition is wrong, never the customer. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  constructor(fields: readonly string[]) {
    super(`invalid input: ${fields.join('; ')}`);
  }
}

/**
 * A call of an AWS service failed, though the SDK tried several times. Whether it took effect is unknown; a retry may
 * help.
 */
export class AwsUnavailableError extends Error {
  override readonly name = 'AwsUnavailableError';
  constructor(cause: Error) {
    super(`${cause.name}: ${cause.message}`, { cause });
  }
}
