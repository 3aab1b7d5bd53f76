import * as z from 'zod';

/** Whom mail is from. */
export const MailFrom = z.email('is not an e-mail address');

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateConfigurationSet.html */
export const MailConfigurationSet = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'is not the name of a configuration set: letters, digits, _ and -, at most 64');
