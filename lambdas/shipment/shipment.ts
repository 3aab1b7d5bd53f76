import * as z from 'zod';
import { adapterOf } from '../runtime/adapter.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import type { Shipment } from './carrier.ts';
import { sandboxCarrier } from './sandbox-carrier.ts';

const ShipmentEnv = z.object({ SHIPMENTS_TABLE: ResourceName }).and(
  adapterOf('carrier', {
    sandbox: sandboxCarrier,
    easypost: async ({ easypostSecret, easypostSender, easypostPiece, easypostServices }) => {
      const { easypostCarrier } = await import('./easypost-carrier.ts');
      return easypostCarrier({
        secret: easypostSecret,
        sender: easypostSender,
        piece: easypostPiece,
        services: easypostServices,
      });
    },
  }),
);

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
  const { SHIPMENTS_TABLE, adapter: carrier } = env(ShipmentEnv);
  return { ledger: shipmentLedger(SHIPMENTS_TABLE), carrier };
};
export type Shipping = ReturnType<typeof shipping>;
