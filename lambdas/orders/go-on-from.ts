/**
 * Where an order goes on after it has reached a state. As a rule with the undo chain; once shipped, with the
 * publication of that; and if its parcel had left before it could be undone, with keeping it.
 */
export type GoOnFrom = 'CancelShipment' | 'KeepShipment' | 'PublishOrderConfirmed';

const BEYOND_UNDOING: Readonly<Record<string, GoOnFrom>> = {
  PublishOrderConfirmed: 'PublishOrderConfirmed',
  ParkConfirmation: 'PublishOrderConfirmed',
  KeepShipment: 'KeepShipment',
  WasConfirmed: 'KeepShipment',
  PublishOrderKept: 'KeepShipment',
  ParkKeeping: 'KeepShipment',
};

/** Any other state leads to the undo chain. */
export const goOnFrom = (state: string): GoOnFrom => BEYOND_UNDOING[state] ?? 'CancelShipment';
