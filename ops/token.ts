import { randomBytes } from 'node:crypto';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { commandLine } from '../scripts/command-line.ts';
import { outputsOf } from './stage.ts';

/**
 * An access token of a customer, by the user pool that the stage has made: the customer is added to it if need be, and
 * given another password.
 * @throws Error naming the output that is missing: the stage has no pool of its own
 */
export const customerToken = async (
  cloudFormation: CloudFormationClient,
  cognito: CognitoIdentityProviderClient,
  stage: string,
  Username: string,
): Promise<string> => {
  const output = await outputsOf(cloudFormation, stage);
  const user = { UserPoolId: output('CustomerPool'), Username };
  await cognito
    .send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }))
    .catch((error: Error) => {
      if (!(error instanceof UsernameExistsException)) throw error;
    });
  // As long as chance allows, and of each kind that the pool asks for.
  const Password = `${randomBytes(24).toString('base64url')}aA1-`;
  await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
  const { AuthenticationResult } = await cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId: user.UserPoolId,
      ClientId: output('CustomerPoolClient'),
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    }),
  );
  if (!AuthenticationResult?.AccessToken) throw new Error(`${Username} was not signed in`);
  return AuthenticationResult.AccessToken;
};

if (import.meta.main) {
  const USAGE = `npm run token -- [--stage STAGE] [--customer NAME]

Prints a token of a customer, to place orders with in a deployed stage: of the user pool that the stage has made, to which
the customer is added if need be. Each time the customer is given another password.

  --stage STAGE    default: dev
  --customer NAME  default: ada

exit codes: 0 done, 1 refused or failed, 2 wrong usage`;
  const { values } = commandLine(USAGE, {
    options: {
      stage: { type: 'string', default: 'dev' },
      customer: { type: 'string', default: 'ada' },
    },
  });
  try {
    const [cloudFormation, cognito] = [new CloudFormationClient(), new CognitoIdentityProviderClient()];
    console.log(await customerToken(cloudFormation, cognito, values.stage, values.customer));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
