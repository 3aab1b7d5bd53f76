/**
 * Where an order goes on that has come as far as a state: with the undo chain; where it has shipped, with the publication of
 * that; where its parcel had left when it was to be undone, with what keeps it.
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

/** From any other state an order is undone. */
export const goOnFrom = (state: string): GoOnFrom => BEYOND_UNDOING[state] ?? 'CancelShipment';
