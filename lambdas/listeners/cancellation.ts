/** Why an order is cancelled that had been confirmed, and so paid; any other reason is an error's name. */
export const AFTER_CONFIRMATION = ['CancelledByCustomer', 'CancelledByOperator'] as const;

export const wasConfirmed = (reason: string): reason is (typeof AFTER_CONFIRMATION)[number] =>
  AFTER_CONFIRMATION.some((known) => known === reason);
