/** Where in an event's arrays something lies: the arrays' numbers in the event, and the indices. */
export type Place = ReadonlyMap<number, number>;

/**
 * A field of an event that holds a value, as rules see it: an object is no field, an array as many as it has elements.
 */
export interface Field {
  /** `detail.data.orderId` */
  readonly path: string;
  readonly value: string | number | boolean | null;
  readonly place: Place;
}

export const NOWHERE: Place = new Map();

/** The place of both; undefined if they lie in two elements of one array. */
export const together = (one: Place, other: Place): Place | undefined => {
  for (const [array, index] of other) if ((one.get(array) ?? index) !== index) return undefined;
  return new Map([...one, ...other]);
};

/** Every field of an event. */
export const fieldsOf = (event: unknown): Field[] => {
  const fields: Field[] = [];
  let arrays = 0;
  const walk = (value: unknown, path: string, place: Place): void => {
    if (value === undefined) return;
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, element] of value.entries()) {
        const isNested = typeof element === 'object' && element !== null;
        walk(element, path, isNested ? new Map([...place, [array, index]]) : place);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, path ? `${path}.${name}` : name, place);
    } else {
      fields.push({ path, value: value as Field['value'], place });
    }
  };
  walk(event, '', NOWHERE);
  return fields;
};
