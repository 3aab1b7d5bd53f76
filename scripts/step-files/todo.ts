/** What only a person can choose, where it stands. A test names each as long as it is there. */
export const todo = (step: string, what: string): string => `TODO(${step}): ${what}`;
