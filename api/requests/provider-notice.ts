import * as z from 'zod';

/** What a provider sends by itself. It is taken as it comes, as its signature is over its bytes. */
export const ProviderNotice = z
  .looseObject({})
  .meta({ id: 'ProviderNotice', description: 'As the provider has it: of Stripe, an `Event`.' });
