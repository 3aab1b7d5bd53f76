import { Construct } from 'constructs';
import { ServiceFunction } from './service-function.ts';
import { ServiceTable } from './service-table.ts';
import type { Adapters, Stage } from './stage.ts';

export interface ShipmentServiceProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
  readonly personalData: ServiceTable;
}

/** Parcels booked and cancelled, the ledger between them, and the sandbox carrier's own book. */
export class ShipmentService extends Construct {
  readonly createShipment: ServiceFunction;
  readonly cancelShipment: ServiceFunction;
  readonly keepShipment: ServiceFunction;
  readonly checkShipment: ServiceFunction;

  constructor(scope: Construct, id: string, props: ShipmentServiceProps) {
    super(scope, id);
    const { stage, adapters, personalData } = props;
    const shipments = new ServiceTable(this, 'Shipments', { stage, partitionKey: 'orderId' });
    const parcels = new ServiceTable(this, 'SandboxParcels', { stage, partitionKey: 'reference' });
    const environment = {
      STAGE: stage.name,
      CARRIER: adapters.carrier,
      SHIPMENTS_TABLE: shipments.tableName,
      SANDBOX_PARCELS_TABLE: parcels.tableName,
    };
    const concurrency = stage.concurrency?.task;
    const withAddress = { ...environment, PERSONAL_DATA_TABLE: personalData.tableName };
    this.createShipment = new ServiceFunction(this, 'CreateShipment', {
      stage,
      environment: withAddress,
      concurrency,
    });
    this.keepShipment = new ServiceFunction(this, 'KeepShipment', {
      stage,
      environment: withAddress,
      concurrency,
    });
    for (const each of [this.createShipment, this.keepShipment]) personalData.grant(each, 'dynamodb:GetItem');
    this.cancelShipment = new ServiceFunction(this, 'CancelShipment', { stage, environment, concurrency });
    this.checkShipment = new ServiceFunction(this, 'CheckShipment', { stage, environment });

    shipments.grant(this.createShipment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    shipments.grant(this.cancelShipment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    shipments.grant(this.keepShipment, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    // Creating cancels too: a booking that meets the fence undoes itself.
    parcels.grant(this.createShipment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    parcels.grant(this.cancelShipment, 'dynamodb:UpdateItem');
    // Keeping asks for what is booked, and books nothing.
    for (const each of [this.keepShipment, this.checkShipment]) parcels.grant(each, 'dynamodb:GetItem');
  }
}
