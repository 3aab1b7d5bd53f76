import type { EasypostPiece } from '../../configuration/easypost.ts';
import type { ShipmentRequest } from './carrier.ts';

const GRAMS_AN_OUNCE = 28.349523125;
const CENTIMETRES_AN_INCH = 2.54;

/** "one decimal point" (https://docs.easypost.com/docs/parcels); what is paid for is never less than what is sent. */
const up = (amount: number) => Math.ceil(Math.round(amount * 1_000) / 100) / 10;

/** The pieces of an order on top of each other, in EasyPost's ounces and inches. */
export const easypostParcel = (
  items: ShipmentRequest['items'],
  { grams, length, width, height }: EasypostPiece,
) => {
  const pieces = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    weight: up((pieces * grams) / GRAMS_AN_OUNCE),
    length: up(length / CENTIMETRES_AN_INCH),
    width: up(width / CENTIMETRES_AN_INCH),
    height: up((pieces * height) / CENTIMETRES_AN_INCH),
  };
};
