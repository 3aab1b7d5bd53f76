import type { Order } from '../api/answers/order.ts';

type NextAction = NonNullable<Order['nextAction']>;

/**
 * Where a customer does what their payment waits for.
 * @param authentication where the provider's double has them authenticate; a shop would have the provider's library
 */
export const linkTo = (action: NextAction | undefined, authentication?: string): string | undefined => {
  if (!action) return undefined;
  if ('url' in action) return action.url;
  return authentication && `${authentication}?${new URLSearchParams({ client_secret: action.clientSecret })}`;
};
