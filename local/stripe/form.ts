/** The parameters of a request: what is nested is an object, and so is an array, by index. */
export interface Form {
  [name: string]: string | Form;
}

/** `metadata[orderId]=1&expand[]=latest_charge` as `{ metadata: { orderId: '1' }, expand: { 0: 'latest_charge' } }`. */
export const formOf = (encoded: string | URLSearchParams): Form => {
  const form: Form = Object.create(null);
  for (const [name, value] of new URLSearchParams(encoded)) {
    const path = name.split(/\]?\[/).map((part) => part.replace(/\]$/, ''));
    let at = form;
    path.forEach((part, depth) => {
      const key = part || `${Object.keys(at).length}`;
      if (depth === path.length - 1) at[key] = value;
      else {
        if (typeof at[key] !== 'object') at[key] = Object.create(null) as Form;
        at = at[key] as Form;
      }
    });
  }
  return form;
};
