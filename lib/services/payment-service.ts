import { Construct } from 'constructs';
import { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Adapters, Stage } from '../stage.ts';

export interface PaymentServiceProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
  readonly personalData: ServiceTable;
}

/** Charges and refunds, the ledger between them, and the sandbox provider's own books. */
export class PaymentService extends Construct {
  constructor(scope: Construct, id: string, props: PaymentServiceProps) {
    super(scope, id);
    const { stage, adapters, personalData } = props;
    const payments = new ServiceTable(this, 'Payments', { stage, partitionKey: 'orderId' });
    const charges = new ServiceTable(this, 'SandboxCharges', { stage, partitionKey: 'intentId' });
    const environment = {
      STAGE: stage.name,
      PAYMENT_PROVIDER: adapters.paymentProvider,
      PAYMENTS_TABLE: payments.tableName,
      SANDBOX_CHARGES_TABLE: charges.tableName,
    };
    const concurrency = stage.concurrency?.task;
    const chargePayment = new ServiceFunction(this, 'ChargePayment', {
      stage,
      environment: { ...environment, PERSONAL_DATA_TABLE: personalData.tableName },
      concurrency,
    });
    personalData.grant(chargePayment, 'dynamodb:GetItem');
    const refundPayment = new ServiceFunction(this, 'RefundPayment', { stage, environment, concurrency });

    payments.grant(chargePayment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    payments.grant(refundPayment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    charges.grant(chargePayment, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    charges.grant(refundPayment, 'dynamodb:UpdateItem');
  }
}
