import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Adapters } from '../../configuration/adapters.ts';
import { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Stage } from '../stage.ts';
import type { Stripe } from '../stripe.ts';

export interface PaymentServiceProps {
  readonly stage: Stage;
  readonly adapters: Adapters;
  /** Where Stripe is the provider. */
  readonly stripe?: Stripe | undefined;
  readonly personalData: ServiceTable;
}

/** Charges and refunds, the ledger between them, and the sandbox provider's own books, where that is the provider. */
export class PaymentService extends Construct {
  constructor(scope: Construct, id: string, props: PaymentServiceProps) {
    super(scope, id);
    const { stage, adapters, stripe, personalData } = props;
    const payments = new ServiceTable(this, 'Payments', { stage, partitionKey: 'orderId' });
    const charges =
      adapters.paymentProvider === 'sandbox'
        ? new ServiceTable(this, 'SandboxCharges', { stage, partitionKey: 'intentId' })
        : undefined;
    const environment = {
      STAGE: stage.name,
      PAYMENT_PROVIDER: adapters.paymentProvider,
      PAYMENTS_TABLE: payments.tableName,
      ...(charges && { SANDBOX_CHARGES_TABLE: charges.tableName }),
      ...(stripe && {
        STRIPE_SECRET: stripe.secret,
        STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
        STRIPE_PAYMENT_METHODS: stripe.paymentMethods.join(','),
      }),
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
    charges?.grant(chargePayment, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    charges?.grant(refundPayment, 'dynamodb:UpdateItem');
    if (stripe)
      for (const each of [chargePayment, refundPayment])
        each.addToRolePolicy(
          new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [stripe.secret] }),
        );
  }
}
