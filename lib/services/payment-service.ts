import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Adapters } from '../adapters.ts';
import { portAdapter } from '../base/port-adapter.ts';
import { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';
import { FULFILLMENT, stateMachineNameOf } from '../workflow/order-workflow.ts';

export interface PaymentServiceProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
  readonly personalData: ServiceTable;
}

/** Charges and refunds, what is heard of them, the ledger between them, and the sandbox provider's own books, where that is the provider. */
export class PaymentService extends Construct {
  readonly checkPayment: ServiceFunction;
  /** Where the provider tells of charges by itself; of a sandbox it believes nothing. */
  readonly paymentWebhook: ServiceFunction;

  constructor(scope: Construct, id: string, props: PaymentServiceProps) {
    super(scope, id);
    const { stage, adapters, personalData } = props;
    const payments = new ServiceTable(this, 'Payments', { stage, partitionKey: 'orderId' });
    const provider = portAdapter(this, 'paymentProvider', {
      stage,
      adapters,
      sandbox: { id: 'SandboxCharges', partitionKey: 'intentId' },
    });
    const environment = { ...provider.environment, PAYMENTS_TABLE: payments.tableName };
    const concurrency = stage.concurrency?.task;
    const chargePayment = new ServiceFunction(this, 'ChargePayment', {
      stage,
      environment: { ...environment, PERSONAL_DATA_TABLE: personalData.tableName },
      concurrency,
    });
    personalData.grant(chargePayment, 'dynamodb:GetItem');
    const awaitPayment = new ServiceFunction(this, 'AwaitPayment', { stage, environment, concurrency });
    this.checkPayment = new ServiceFunction(this, 'CheckPayment', { stage, environment });
    this.paymentWebhook = new ServiceFunction(this, 'PaymentWebhook', { stage, environment });
    const refundPayment = new ServiceFunction(this, 'RefundPayment', { stage, environment, concurrency });

    payments.grant(chargePayment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    payments.grant(refundPayment, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    payments.grant(awaitPayment, 'dynamodb:UpdateItem');
    for (const each of [awaitPayment, this.checkPayment, this.paymentWebhook]) {
      payments.grant(each, 'dynamodb:GetItem');
      provider.grant(each);
      each.addToRolePolicy(
        new PolicyStatement({
          actions: ['states:SendTaskSuccess'],
          // By its name, as the saga itself stands on one of them.
          resources: [
            Stack.of(this).formatArn({
              service: 'states',
              resource: 'stateMachine',
              resourceName: stateMachineNameOf(this, FULFILLMENT),
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          ],
        }),
      );
    }
    provider.grantWebhooks(this.paymentWebhook);
    provider.grant(chargePayment, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    provider.grant(refundPayment, 'dynamodb:UpdateItem');
  }
}
