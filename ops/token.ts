import { randomBytes } from 'node:crypto';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { commandLine } from '../scripts/command-line.ts';
import { outputsOf } from './stage.ts';

/**
 * An id token of a customer, by the user pool that the stage has made: the customer is added to it if need be, and given
 * another password.
 * @param email where the customer's mail is to go from here on; as before without
 * @throws Error naming the output that is missing: the stage has no pool of its own
 */
export const customerToken = async (
  cloudFormation: CloudFormationClient,
  cognito: CognitoIdentityProviderClient,
  stage: string,
  Username: string,
  email?: string,
): Promise<string> => {
  const output = await outputsOf(cloudFormation, stage);
  const user = { UserPoolId: output('CustomerPool'), Username };
  await cognito
    .send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }))
    .catch((error: Error) => {
      if (!(error instanceof UsernameExistsException)) throw error;
    });
  if (email)
    await cognito.send(
      new AdminUpdateUserAttributesCommand({
        ...user,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
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
  if (!AuthenticationResult?.IdToken) throw new Error(`${Username} was not signed in`);
  return AuthenticationResult.IdToken;
};

if (import.meta.main) {
  const USAGE = `npm run token -- [--stage STAGE] [--customer NAME] [--email ADDRESS]

Prints a token of a customer, to place orders with in a deployed stage: of the user pool that the stage has made, to which
the customer is added if need be. Each time the customer is given another password.

  --stage STAGE    default: dev
  --customer NAME  default: ada
  --email ADDRESS  where the customer's mail goes; it need not be shown to be theirs (default: as it was)

exit codes: 0 done, 1 refused or failed, 2 wrong usage`;
  const { values } = commandLine(USAGE, {
    options: {
      stage: { type: 'string', default: 'dev' },
      customer: { type: 'string', default: 'ada' },
      email: { type: 'string' },
    },
  });
  try {
    const [cloudFormation, cognito] = [new CloudFormationClient(), new CognitoIdentityProviderClient()];
    const { stage, customer, email } = values;
    console.log(await customerToken(cloudFormation, cognito, stage, customer, email));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
