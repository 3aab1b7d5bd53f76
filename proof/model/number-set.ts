/** A set of many numbers, of which there are none below 0: a Set takes too much room. */
export const numberSet = () => {
  let table = new Float64Array(1 << 16).fill(-1);
  let size = 0;
  const slotOf = (slots: Float64Array, value: number): number => {
    const mask = slots.length - 1;
    // Its two halves mixed, by a constant that spreads neighbours.
    let slot =
      (Math.imul((value % 0x1_0000_0000) | 0, 0x9e3779b1) ^ Math.imul(value / 0x1_0000_0000, 0x85ebca6b)) >>>
      0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (slots[slot] !== -1 && slots[slot] !== value) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = (): void => {
    const larger = new Float64Array(table.length * 2).fill(-1);
    for (const value of table) if (value !== -1) larger[slotOf(larger, value)] = value;
    table = larger;
  };
  return {
    /** @returns whether it is new */
    add: (value: number): boolean => {
      const slot = slotOf(table, value);
      if (table[slot] === value) return false;
      table[slot] = value;
      size += 1;
      if (size * 2 > table.length) grow();
      return true;
    },
  };
};
