import * as z from 'zod';
import { Adapter, env, noSandboxInProd, ResourceName, STAGE } from '../runtime/env.ts';
import { effectLedger } from '../runtime/ledger.ts';
import type { Shipment } from './carrier.ts';
import { sandboxCarrier } from './sandbox-carrier.ts';

const ShipmentEnv = z
  .object({ STAGE, CARRIER: Adapter, SHIPMENTS_TABLE: ResourceName, SANDBOX_PARCELS_TABLE: ResourceName })
  .superRefine(noSandboxInProd('CARRIER'));

export const shipmentLedger = (table: string) =>
  effectLedger<Shipment>(table, {
    doing: 'CREATING',
    done: 'CREATED',
    refused: 'REFUSED',
    undoing: 'CANCELLING',
    undone: 'CANCELLED',
  });

/** What the shipment steps stand on: our ledger and the carrier. */
export const shipping = () => {
  const { SHIPMENTS_TABLE, SANDBOX_PARCELS_TABLE } = env(ShipmentEnv);
  return { ledger: shipmentLedger(SHIPMENTS_TABLE), carrier: sandboxCarrier(SANDBOX_PARCELS_TABLE) };
};
export type Shipping = ReturnType<typeof shipping>;
