import * as z from 'zod';
import { adapterOf, env, noSandboxInProd, ResourceName, STAGE } from '../runtime/env.ts';
import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import type { Shipment } from './carrier.ts';
import { sandboxCarrier } from './sandbox-carrier.ts';

const ShipmentEnv = z
  .object({
    STAGE,
    CARRIER: adapterOf('carrier'),
    SHIPMENTS_TABLE: ResourceName,
    SANDBOX_PARCELS_TABLE: ResourceName,
  })
  .superRefine(noSandboxInProd('CARRIER'));

export const SHIPMENT_STATES: LedgerStates = {
  doing: 'CREATING',
  done: 'CREATED',
  refused: 'REFUSED',
  undoing: 'CANCELLING',
  undone: 'CANCELLED',
};

export const shipmentLedger = (table: string) => effectLedger<string, Shipment>(table, SHIPMENT_STATES);

/** What the shipment steps need: our ledger and the carrier. */
export const shipping = () => {
  const { SHIPMENTS_TABLE, SANDBOX_PARCELS_TABLE } = env(ShipmentEnv);
  return { ledger: shipmentLedger(SHIPMENTS_TABLE), carrier: sandboxCarrier(SANDBOX_PARCELS_TABLE) };
};
export type Shipping = ReturnType<typeof shipping>;
