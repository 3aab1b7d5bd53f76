import { Construct } from 'constructs';
import type { Adapters } from '../adapters.ts';
import { portAdapter } from '../base/port-adapter.ts';
import { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';

export interface ShipmentServiceProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
  readonly personalData: ServiceTable;
}

/** Parcels booked and cancelled, the ledger between them, and the sandbox carrier's own book, where that is the carrier. */
export class ShipmentService extends Construct {
  readonly checkShipment: ServiceFunction;

  constructor(scope: Construct, id: string, props: ShipmentServiceProps) {
    super(scope, id);
    const { stage, adapters, personalData } = props;
    const shipments = new ServiceTable(this, 'Shipments', { stage, partitionKey: 'orderId' });
    const carrier = portAdapter(this, 'carrier', {
      stage,
      adapters,
      sandbox: { id: 'SandboxParcels', partitionKey: 'shipmentId' },
    });
    const environment = { ...carrier.environment, SHIPMENTS_TABLE: shipments.tableName };
    const concurrency = stage.concurrency?.task;
    const createShipment = new ServiceFunction(this, 'CreateShipment', {
      stage,
      environment: { ...environment, PERSONAL_DATA_TABLE: personalData.tableName },
      concurrency,
    });
    const keepShipment = new ServiceFunction(this, 'KeepShipment', { stage, environment, concurrency });
    personalData.grant(createShipment, 'dynamodb:GetItem');
    const cancelShipment = new ServiceFunction(this, 'CancelShipment', { stage, environment, concurrency });
    this.checkShipment = new ServiceFunction(this, 'CheckShipment', { stage, environment });

    shipments.grant(createShipment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    shipments.grant(cancelShipment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    shipments.grant(keepShipment, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    shipments.grant(this.checkShipment, 'dynamodb:GetItem');
    carrier.grant(createShipment, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    carrier.grant(cancelShipment, 'dynamodb:UpdateItem');
    // Where its number was never recorded a parcel that is kept is booked again, which tells it.
    carrier.grant(keepShipment, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    carrier.grant(this.checkShipment, 'dynamodb:GetItem');
  }
}
