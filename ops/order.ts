import type { OperatorsOrder } from '../api/answers/order.ts';
import { money } from './words.ts';

/** `2 x MUG-WHITE, 1 x TEAPOT: EUR 84.00` */
export const wares = ({ items, totalCents, currency }: OperatorsOrder): string =>
  `${items.map(({ sku, quantity }) => `${quantity} x ${sku}`).join(', ')}: ${money(totalCents, currency)}`;
