/** The adapters that may stand behind each port, by the names that configuration knows them by. */
export const ADAPTERS = {
  paymentProvider: ['sandbox', 'stripe'],
  carrier: ['sandbox'],
  mailer: ['sandbox'],
} as const;

export type Port = keyof typeof ADAPTERS;
export const PORTS = Object.keys(ADAPTERS) as readonly Port[];

/** Which adapter stands behind each port. */
export type Adapters = { readonly [P in Port]: (typeof ADAPTERS)[P][number] };
