/** The verbs of a shop that are not regular. */
const IRREGULAR: Readonly<Record<string, string>> = {
  buy: 'bought',
  give: 'given',
  hold: 'held',
  lend: 'lent',
  make: 'made',
  pay: 'paid',
  put: 'put',
  sell: 'sold',
  send: 'sent',
  set: 'set',
  take: 'taken',
  withdraw: 'withdrawn',
  write: 'written',
};

/** `wrap` as `wrapp`, `cancel` as `cancell`: before an ending. */
const stem = (verb: string): string =>
  /^[^aeiou]*[aeiou][^aeiouwxy]$|[^aeiou][aeiou]l$/.test(verb) ? verb + verb.at(-1) : verb;

/** `redeeming` */
export const doing = (verb: string): string => `${/[^eoy]e$/.test(verb) ? verb.slice(0, -1) : stem(verb)}ing`;

/** `redeemed` */
export const done = (verb: string): string => {
  const irregular = IRREGULAR[verb];
  if (irregular) return irregular;
  if (verb.endsWith('e')) return `${verb}d`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${stem(verb)}ed`;
};

/** `vouchers`; what looks like several is left as it is. */
export const many = (thing: string): string => {
  if (/[^su]s$/.test(thing)) return thing;
  if (/[^aeiou]y$/.test(thing)) return `${thing.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(thing) ? `${thing}es` : `${thing}s`;
};

/** `VoucherUsedError` as `voucher used`. */
export const saidBy = (error: string): string =>
  error
    .replace(/Error$/, '')
    .replace(/(?<!^)([A-Z])/g, ' $1')
    .toLowerCase();

/** With a capital letter. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
