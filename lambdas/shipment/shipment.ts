import * as z from 'zod';
import { Adapter, env, noSandboxInProd, ResourceName, STAGE } from '../runtime/env.ts';
import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import { OrderTask } from '../runtime/task.ts';
import { type Shipment, ShippingAddress } from './carrier.ts';
import { sandboxCarrier } from './sandbox-carrier.ts';

const ShipmentEnv = z
  .object({ STAGE, CARRIER: Adapter, SHIPMENTS_TABLE: ResourceName, SANDBOX_PARCELS_TABLE: ResourceName })
  .superRefine(noSandboxInProd('CARRIER'));

/** What a parcel is booked by, besides where it goes. */
export const ShipmentInput = OrderTask.extend({
  items: z.array(z.object({ sku: z.string().min(1), quantity: z.int().positive() })).min(1),
});

/** The carrier's part of an order's personal data. */
export const Destination = z.object({ shippingAddress: ShippingAddress });

export const SHIPMENT_STATES: LedgerStates = {
  doing: 'CREATING',
  done: 'CREATED',
  refused: 'REFUSED',
  undoing: 'CANCELLING',
  undone: 'CANCELLED',
};

export const shipmentLedger = (table: string) => effectLedger<Shipment>(table, SHIPMENT_STATES);

/** What the shipment steps need: our ledger and the carrier. */
export const shipping = () => {
  const { SHIPMENTS_TABLE, SANDBOX_PARCELS_TABLE } = env(ShipmentEnv);
  return { ledger: shipmentLedger(SHIPMENTS_TABLE), carrier: sandboxCarrier(SANDBOX_PARCELS_TABLE) };
};
export type Shipping = ReturnType<typeof shipping>;
