import { Stack } from 'aws-cdk-lib';
import { UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { removalPolicyOf } from '../base/removal-policy.ts';
import type { Tokens } from '../callers.ts';
import type { Stage } from '../stage.ts';

/** Customers of a stage that no issuer stands behind: whoever may administer the pool adds them, and signs them in. */
export class CustomerPool extends UserPool {
  readonly client: UserPoolClient;
  readonly tokens: Tokens;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    const { region, stackName, urlSuffix } = Stack.of(scope);
    super(scope, id, {
      userPoolName: `${stackName}-customers`,
      selfSignUpEnabled: false,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      removalPolicy: removalPolicyOf(stage),
      deletionProtection: stage.retainsData,
    });
    this.client = this.addClient('Client', {
      authFlows: { userSrp: true, adminUserPassword: true },
      preventUserExistenceErrors: true,
      disableOAuth: true,
    });
    this.tokens = {
      issuer: `https://cognito-idp.${region}.${urlSuffix}/${this.userPoolId}`,
      audience: [this.client.userPoolClientId],
    };
  }
}
