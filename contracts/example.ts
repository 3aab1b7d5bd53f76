import { type Contract, SOURCE } from '../events/contract.ts';

/** The contract's example as a consumer gets it, without what EventBridge adds. */
export const exampleOf = ({ type, example }: Contract) => ({
  source: SOURCE,
  'detail-type': type,
  detail: example,
});
